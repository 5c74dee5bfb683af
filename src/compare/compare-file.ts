/** Says how one path differs: what it was, what it is, and which lines of it changed. */
import type { FileChange } from '../contract/types.gen.ts';
import { type Edits, listChanges, splitLines } from '../snapshot/edit-lines.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { isBinary, textOf } from './byte-text.ts';
import { layHunks } from './lay-hunks.ts';
import type { PairedChange, Sources } from './sources.ts';

export type CompareOptions = {
  /** Lines around each change; 3 unless told. */
  readonly context?: number;
  /** Texts larger than this are not compared. */
  readonly limitBytes?: number;
};

const usualContext = 3;
const usualLimitBytes = 16 << 20;

export async function compareFile(
  change: PairedChange,
  sources: Sources,
  options: CompareOptions = {},
): Promise<FileChange> {
  const { path, oldPath, similarity } = change;
  const [before, after] = [
    await readVersion(change.before, sources),
    await readVersion(change.after, sources),
  ];
  const tell = tellRights(change);
  return {
    path,
    ...(oldPath === undefined ? {} : { oldPath }),
    status: judgeStatus(change),
    ...(change.before && { before: { ...describe(change.before, before), ...tell.before } }),
    ...(change.after && { after: { ...describe(change.after, after), ...tell.after } }),
    ...(similarity === undefined ? {} : { similarity }),
    ...compareBytes(change, { before, after }, options),
  };
}

type Bytes = { readonly before: Uint8Array | undefined; readonly after: Uint8Array | undefined };
type Told = Pick<FileChange, 'kind' | 'added' | 'removed' | 'hunks' | 'coarse' | 'why'>;

/** What is not there has no bytes, which is something else than not knowing them. */
async function readVersion(
  version: Version | undefined,
  { readBytes }: Sources,
): Promise<Uint8Array | undefined> {
  return version === undefined ? new Uint8Array(0) : readBytes(version.oid);
}

function describe({ mode, oid }: Version, bytes: Uint8Array | undefined) {
  return { mode, oid, ...(bytes && { bytes: bytes.length }) };
}

type ToldRights = { readonly rights?: string };
type BothRights = { readonly before?: ToldRights; readonly after?: ToldRights };

/** Only what git's modes do not say already. */
function tellRights({ before, after }: PairedChange): BothRights {
  const [was, is] = [before?.rights, after?.rights];
  if (typeof was !== 'number' || typeof is !== 'number' || was === is) return {};
  const [old, now] = [was, is].map((it) => it.toString(8).padStart(4, '0'));
  const plain = [before, after].map((it) => `0${it?.mode.slice(3)}`);
  if (old === plain[0] && now === plain[1]) return {};
  return { before: { rights: old ?? '' }, after: { rights: now ?? '' } };
}

function judgeStatus({ before, after, oldPath }: PairedChange): FileChange['status'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  if (before.mode.slice(0, 3) !== after.mode.slice(0, 3)) return 'type';
  if (oldPath !== undefined) return 'renamed';
  return before.oid === after.oid ? 'mode' : 'modified';
}

function compareBytes(change: PairedChange, bytes: Bytes, options: CompareOptions): Told {
  const nothing = { added: 0, removed: 0 };
  const status = judgeStatus(change);
  if (status === 'mode') return { kind: 'mode', ...nothing };
  const { before, after } = bytes;
  if (before === undefined || after === undefined)
    return { kind: 'missing', ...nothing, why: sayMissing(bytes) };
  if (isBinary(before) || isBinary(after)) return { kind: 'binary', ...nothing };
  const limitBytes = options.limitBytes ?? usualLimitBytes;
  if (limitBytes < Math.max(before.length, after.length))
    return { kind: 'too-large', ...nothing, why: `more than ${limitBytes} bytes` };
  const isLink = [change.before, change.after].some((it) => it?.mode === '120000');
  const texts = { before: textOf(before), after: textOf(after) };
  return {
    kind: isLink ? 'link' : 'text',
    ...compareTexts(texts, status === 'type', options.context ?? usualContext),
  };
}

function sayMissing({ before, after }: Bytes): string {
  if (before === undefined && after === undefined) return 'neither version was captured';
  return `the version ${before === undefined ? 'before' : 'after'} was not captured`;
}

/** A file that became a link is another thing: nothing of it is kept. */
function compareTexts(
  { before, after }: { readonly before: string; readonly after: string },
  isReplaced: boolean,
  context: number,
): Pick<Told, 'added' | 'removed' | 'hunks' | 'coarse'> {
  const base = splitLines(before);
  const { edits, isCoarse }: Edits = isReplaced
    ? { edits: [{ from: 0, to: base.length, lines: splitLines(after) }], isCoarse: false }
    : listChanges(before, after);
  return {
    added: edits.reduce((sum, edit) => sum + edit.lines.length, 0),
    removed: edits.reduce((sum, edit) => sum + edit.to - edit.from, 0),
    hunks: layHunks(base, edits, isReplaced ? 0 : context),
    ...(isCoarse ? { coarse: true, why: 'too much to compare line by line' } : {}),
  };
}
