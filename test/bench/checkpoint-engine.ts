/** The engine as it is shipped, out of the built program, opened as the program opens it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const dist = new URL('../../dist/', import.meta.url);

export type Engine = Awaited<ReturnType<typeof openEngine>>;

let minted = 0;
function mint(): string {
  minted += 1;
  return `01BENCH${String(minted).padStart(19, '0')}`;
}

export async function openEngine(state: string, root: string) {
  const { openWorkspace } = await import(new URL('workspace/open-workspace.js', dist).href);
  const { openRestorer } = await import(new URL('workspace/open-restorer.js', dist).href);
  const { openShadow } = await import(new URL('shadow/open-shadow.js', dist).href);
  const workspace = openWorkspace({ root, gitDir: join(root, '.git') });
  const shadow = openShadow({
    stateFolder: state,
    workspace,
    openRestorer: (place: object) => openRestorer({ root, ...place }),
  });
  return {
    /** Answers the checkpoint's id. */
    take(paths?: readonly string[]): string {
      const id = mint();
      shadow.take({ id, at: Date.now(), ...(paths ? { paths } : {}) });
      return id;
    },
    /** Sweep and safety checkpoint, plan, and the restore itself. */
    async restore(target: string): Promise<void> {
      const id = mint();
      const plan = shadow.plan({ id, at: Date.now() }, target);
      await shadow.apply(id, plan.steps);
    },
    bytes: () => measureFolder(join(state, 'store.git')),
    async close() {
      shadow.close();
      await workspace.close();
    },
  };
}

function measureFolder(folder: string): number {
  let sum = 0;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const stat = statSync(join(folder, name));
    if (stat.isFile()) sum += stat.size;
  }
  return sum;
}
