/** Makes a repository of a given number of files, the same for the same seed: 12 files a folder, 0.2 to 20 KB, packed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const words =
  'const let return import export function type from async await value path entry index table folder row name stat hash blob tree commit pack delta offset'.split(
    ' ',
  );

/** mulberry32: small, quick, and the same everywhere. */
export function openRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sizes lean to the small side, as in source trees; the mean is about 4.3 KB. */
function writeText(random: () => number, id: number): string {
  const size = Math.floor(200 + 19_800 * random() ** 4);
  const lines = [`// file ${id}`];
  let length = 0;
  while (length < size) {
    let line = '';
    while (line.length < 60)
      line += `${words[Math.floor(random() * words.length)]}${Math.floor(random() * 1e6).toString(36)} `;
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

export function pathOf(id: number): string {
  const folder = Math.floor(id / 12);
  return `src/part-${Math.floor(folder / 144)}/unit-${Math.floor(folder / 12) % 12}/room-${folder % 12}/file-${id}.ts`;
}

export function makeRepository(root: string, files: number, seed = 1): void {
  const random = openRandom(seed);
  let made = '';
  for (let id = 0; id < files; id += 1) {
    const path = join(root, pathOf(id));
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (folder !== made) mkdirSync(folder, { recursive: true });
    made = folder;
    writeFileSync(path, writeText(random, id));
  }
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@x', '-c', 'gc.auto=0', ...args], {
      cwd: root,
      stdio: 'ignore',
    });
  };
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'start');
  git('repack', '-adq', '--window=1');
  git('prune-packed');
}
