/** Whose rights a checkpoint's files and folders have: git's trees know no more of them than the right to run. */
import { folderOf, type RawPath } from './raw-path.ts';
import type { Version } from './restore-step.ts';
import type { UsualRights } from './table.ts';

/** Tells rights that were seen from those that nobody looked at, which are 0. */
const seenBit = 0o10000;

/** A table's number for the mode of a stat. */
export function noteRights(mode: number): number {
  return (mode & 0o7777) | seenBit;
}

/** The twelve bits of a number that was noted. */
export function tellRights(noted: number): number {
  return noted & 0o7777;
}

/** How a note is written; `?` where nobody looked. */
export function spellRights(noted: number): string {
  return noted === 0 ? '?' : (noted & 0o7777).toString(8);
}

/**
 * A record is a list of texts that end in NUL. The first says what is usual for files, programs and folders.
 * Each of the others is a letter, the rights and a path: `d` of a folder itself, `f` and `x` of the files and
 * programs in a folder, `=` of one file. The nearest one counts.
 */
export type RightsRecord = {
  /** Left out where nobody looked. */
  readonly of: (path: RawPath, mode: Version['mode']) => number | undefined;
  readonly usual: ReadonlyMap<Letter, number | undefined>;
  readonly listed: Readonly<Record<Letter, ReadonlyMap<RawPath, number | undefined>>>;
};

type Letter = 'd' | 'f' | 'x' | '=';

export function writeRights(
  { file, program, folder }: UsualRights,
  notes: readonly string[],
): string {
  const usual = [file, program, folder].map(spellRights).join(' ');
  return [usual, ...notes].map((it) => `${it}\0`).join('');
}

export function readRights(text: string): RightsRecord {
  const [first = '', ...notes] = text.split('\0').slice(0, -1);
  const [file, program, folder] = first.split(' ').map(readNumber);
  const usual = new Map<Letter, number | undefined>([
    ['f', file],
    ['x', program],
    ['d', folder],
  ]);
  const listed = { d: new Map(), f: new Map(), x: new Map(), '=': new Map() };
  for (const note of notes) {
    const space = note.indexOf(' ');
    listed[note[0] as Letter]?.set(note.slice(space + 1), readNumber(note.slice(1, space)));
  }
  return { of, usual, listed };

  function of(path: RawPath, mode: Version['mode']): number | undefined {
    if (mode === '040000') return listed.d.has(path) ? listed.d.get(path) : folder;
    if (listed['='].has(path)) return listed['='].get(path);
    const kind = mode === '100755' ? 'x' : 'f';
    const inside = folderOf(path);
    return listed[kind].has(inside) ? listed[kind].get(inside) : usual.get(kind);
  }
}

function readNumber(text: string): number | undefined {
  return /^[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}
