/** Which hooks a person has installed in a repository, so that it is known when somebody else takes them out. */
import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSharedFile } from './shared-file.ts';

export type HookWish = {
  read(): readonly string[];
  add(hooks: readonly string[]): void;
  clear(): void;
};

type Kept = { readonly v: 1; readonly commonDir: string; readonly hooks: readonly string[] };

const room = 'hooks';
const digits = 24;

/** `home`: the state home. Nothing of it stands in the repository. */
export function openHookWish(home: string, commonDir: string): HookWish {
  const name = hash('sha256', commonDir, 'hex').slice(0, digits);
  const file = openSharedFile(join(home, room, `${name}.json`));
  const parse = (text: string | undefined): readonly string[] => {
    const kept = text === undefined ? undefined : (JSON.parse(text) as Kept);
    return kept?.v === 1 && kept.commonDir === commonDir ? kept.hooks : [];
  };
  function write(work: (hooks: readonly string[]) => readonly string[]): void {
    mkdirSync(join(home, room), { recursive: true, mode: 0o700 });
    file.change((text) => {
      const kept: Kept = { v: 1, commonDir, hooks: work(parse(text)) };
      return JSON.stringify(kept);
    });
  }
  return {
    read: () => parse(file.read()),
    add: (hooks) => write((known) => [...new Set([...known, ...hooks])].sort()),
    clear() {
      if (0 < parse(file.read()).length) write(() => []);
    },
  };
}
