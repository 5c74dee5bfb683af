/** Of what changed between two checkpoints, what an act's own claims tell of it: others may have written there too. */
import type { Calls } from '../shadow/calls.ts';
import type { Told } from '../undo/act.ts';
import type { PathEdit, PathEdits } from '../undo/gather-edits.ts';
import { type ClaimTexts, withoutClaims } from '../undo/without-claims.ts';
import { nameText } from './name-text.ts';

export type Separated = {
  readonly edits: readonly PathEdits[];
  /** Texts that no checkpoint has: what a file would be without the claims. */
  readonly texts: ReadonlyMap<string, string>;
};

const limitBytes = 8 << 20;

export async function separateOwn(
  keeper: Calls,
  gathered: readonly PathEdits[],
): Promise<Separated> {
  const texts = new Map<string, string>();
  const edits: PathEdits[] = [];
  for (const path of gathered) {
    const own = await Promise.all(path.edits.map((edit) => separate(keeper, edit, texts)));
    const isShared = own.some((edit, place) => edit !== path.edits[place]);
    edits.push(isShared ? { ...path, edits: own, isShared } : path);
  }
  return { edits, texts };
}

/** The edit itself where the claims account for all of it, or where that cannot be told. */
async function separate(
  keeper: Calls,
  edit: PathEdit,
  texts: Map<string, string>,
): Promise<PathEdit> {
  const { before, after, told = [] } = edit;
  if (told.length === 0 || !before?.mode.startsWith('100') || !after?.mode.startsWith('100'))
    return edit;
  const was = await readText(keeper, before.oid);
  const became = await readText(keeper, after.oid);
  const claims = was === undefined ? undefined : await readClaims(keeper, told, was);
  const rest = became === undefined || !claims ? undefined : withoutClaims(became, claims);
  if (rest === undefined || rest === was) return edit;
  const oid = nameText(rest);
  texts.set(oid, rest);
  return { ...edit, before: { mode: before.mode, oid } };
}

async function readClaims(
  keeper: Calls,
  told: readonly Told[],
  was: string,
): Promise<ClaimTexts[] | undefined> {
  const claims: ClaimTexts[] = [];
  for (const { before: from = '', after: to = '', whole } of told) {
    const [before, after] = [await readText(keeper, from), await readText(keeper, to)];
    if (before === undefined || after === undefined) return undefined;
    claims.push({ before, after, whole: whole === true || before === was });
  }
  return claims;
}

async function readText(keeper: Calls, oid: string): Promise<string | undefined> {
  const read = await keeper.readBlob(oid);
  if (read === null || limitBytes < read.length) return undefined;
  return Buffer.from(read, 'base64').toString('latin1');
}
