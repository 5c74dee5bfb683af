/** Looks at files of workspaces behind everybody's back: one after the other, and only as often as they change. */
import type { Look, Stamp } from '../workspace/look-at-file.ts';

export type GlancePorts = {
  look(root: string, path: string): Promise<Look>;
  stamp(root: string, path: string): Promise<Stamp | undefined>;
  isSame(one: Stamp, other: Stamp): boolean;
  complain(doing: string, error: unknown): void;
};

export type Glances = {
  /** Nobody waits for it, and the disk is not only ours. */
  queue(work: () => Promise<void>): void;
  look(root: string, path: string): Promise<Look>;
  /** The earlier look, unless the file has changed since. */
  lookAgain(root: string, path: string, earlier: Look | undefined): Promise<Look>;
  /** Undefined where the file is as it was at the last look, or has not changed since that moment. */
  lookIfChanged(root: string, seen: Sighted, sinceMs: number): Promise<Look | undefined>;
  /** So much waits that nothing more should come. */
  isBusy(): boolean;
  /** Fulfilled when nothing waits any more. */
  settle(): Promise<void>;
};

type Sighted = { readonly path: string; readonly isThere: boolean };

const waitingLimit = 400;
const stampLimit = 20_000;
/** Kernels stamp files by a clock that ticks every 1 to 10 ms. */
const tickMs = 20;

export function openGlances(ports: GlancePorts): Glances {
  const stamps = new Map<string, Stamp>();
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  function remember(root: string, path: string, look: Look): void {
    const name = `${root}\n${path}`;
    stamps.delete(name);
    if (look.kind !== 'file' || look.path !== path) return;
    stamps.set(name, look.stamp);
    const [oldest] = stamps.keys();
    if (stamps.size > stampLimit && oldest !== undefined) stamps.delete(oldest);
  }

  async function look(root: string, path: string): Promise<Look> {
    const found = await ports.look(root, path);
    remember(root, path, found);
    return found;
  }

  return {
    queue(work) {
      waiting += 1;
      last = last
        .then(work)
        .catch((error) => ports.complain('looking at what a session has seen', error))
        .finally(() => {
          waiting -= 1;
        });
    },
    look,
    async lookAgain(root, path, earlier) {
      if (earlier?.kind === 'file' && earlier.path === path) {
        const now = await ports.stamp(root, path);
        if (now !== undefined && ports.isSame(now, earlier.stamp)) return earlier;
      }
      return look(root, path);
    },
    async lookIfChanged(root, { path, isThere }, sinceMs) {
      const now = await ports.stamp(root, path);
      if (now === undefined) return isThere ? look(root, path) : undefined;
      const known = stamps.get(`${root}\n${path}`);
      if (isThere && known !== undefined && ports.isSame(now, known)) return undefined;
      const changedMs = Number(now.ctimeNs / 1_000_000n);
      return changedMs < sinceMs - tickMs ? undefined : look(root, path);
    },
    isBusy: () => waitingLimit <= waiting,
    async settle() {
      for (let before: unknown; before !== last; ) {
        before = last;
        await last;
      }
    },
  };
}
