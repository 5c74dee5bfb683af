/** The lines of a version and where they come from, for whoever explains what became of it. */
import { carryEqual, type Known } from './carry-lines.ts';
import type { Ledger } from './ledger.ts';
import type { Texts, VersionText } from './open-texts.ts';
import { originsOf } from './origins-of.ts';
import { cutLines, isShort, lineLimit } from './text-lines.ts';

type Asked = {
  readonly oid: string;
  readonly path: string;
  readonly ledger: Ledger;
  readonly texts: Texts;
};

/** Versions that a binary one is held against. */
const versionLimit = 8;

/** Undefined of one that is known as a whole only. */
export async function knowLines(version: VersionText, asked: Asked): Promise<Known | undefined> {
  const { oid, path, ledger } = asked;
  const { lines, isLinewise, text, chars } = version;
  const page = ledger.find(oid, path);
  if (isLinewise) return { lines, origins: originsOf(page, lines.length) };
  const cut = isShort(chars) ? cutLines(text) : [];
  // A NUL in it hides the lines, and takes them from nobody: what was text before it tells whose they are.
  if (cut.length === 0 || cut.length > lineLimit) return undefined;
  const before = await findText(asked);
  const kept = before === undefined ? [] : carryEqual(before, cut);
  return { lines: cut, origins: originsOf(page, cut.length).map((it, at) => kept[at] ?? it) };
}

/** The last version that had lines. */
async function findText({ path, ledger, texts }: Asked): Promise<Known | undefined> {
  for (const oid of ledger.listVersions(path).slice(0, versionLimit)) {
    const found = await texts.read(oid);
    if (found?.isLinewise !== true) continue;
    const { lines } = found;
    return { lines, origins: originsOf(ledger.find(oid, path), lines.length) };
  }
  return undefined;
}
