/** Writes comparisons as a patch in git's format, which `git apply` takes. */
import type { FileChange, Hunk } from '../contract/types.gen.ts';
import { noNewline } from './lay-hunks.ts';
import { quotePath } from './quote-path.ts';

type Version = NonNullable<FileChange['before']>;
type Side = { readonly path: string; readonly version: Version | undefined };

export type PatchHeadOptions = {
  /** How much of an object id is written. */
  readonly idDigits?: number;
  /** How a name is spelled, `always` in quotes or only where it must be; as git does unless told. */
  readonly spell?: (path: string, always?: boolean) => string;
};

const nothing = '0'.repeat(40);

/**
 * Paths are quoted and lines stand as in the comparison; `readPath` of the whole gives its bytes. Files
 * whose lines are not known are named only, so that applying the patch fails instead of losing them.
 */
export function writePatch(files: readonly FileChange[]): string {
  return files.map(writeFilePatch).join('');
}

function writeFilePatch(file: FileChange): string {
  return splitType(file)
    .flatMap((part) => [
      ...writeRights(part).map((it) => `# ${quotePath(part.path)}: ${it}`),
      ...(tellsNothing(part) ? [] : writePatchHead(part)),
      ...(part.hunks ?? []).flatMap((it) => [writeHunkHead(it), ...it.lines]),
    ])
    .map((it) => `${it}\n`)
    .join('');
}

/** Git's format has no place for them: in a patch, they stand where whoever applies it passes over them. */
export function writeRights({ before, after }: FileChange): string[] {
  const isOther = before?.rights !== undefined && after?.rights !== undefined;
  return isOther ? [`rights ${before?.rights} -> ${after?.rights}`] : [];
}

/** Of a file that only has other rights, a head would be refused for having nothing below it. */
function tellsNothing({ status, before, after }: FileChange): boolean {
  return status === 'mode' && before?.mode === after?.mode;
}

/** Git knows no change of kind: the one goes, then the other comes. */
export function splitType(file: FileChange): readonly FileChange[] {
  if (file.status !== 'type') return [file];
  const { before, after, oldPath: _, similarity: __, hunks, ...rest } = file;
  const [hunk] = hunks ?? [];
  const part = (sign: '-' | '+'): Pick<FileChange, 'hunks'> => {
    if (hunks === undefined) return {};
    const lines = linesOf(hunk?.lines ?? [], sign);
    return { hunks: lines.length === 0 ? [] : [layWhole(lines, sign)] };
  };
  return [
    { ...rest, status: 'removed', added: 0, ...(before && { before }), ...part('-') },
    { ...rest, status: 'added', removed: 0, ...(after && { after }), ...part('+') },
  ];
}

/** With the remark that belongs to the last of them. */
function linesOf(lines: readonly string[], sign: '-' | '+'): string[] {
  return lines.filter((line, at) =>
    line === noNewline ? lines[at - 1]?.startsWith(sign) : line.startsWith(sign),
  );
}

function layWhole(lines: string[], sign: '-' | '+'): Hunk {
  const count = lines.filter((it) => it !== noNewline).length;
  const [there, gone] = [
    [1, count],
    [0, 0],
  ] as const;
  const [old, now] = sign === '-' ? [there, gone] : [gone, there];
  return {
    oldStart: old[0],
    oldLines: old[1],
    newStart: now[0],
    newLines: now[1],
    lines,
    changes: [1],
  };
}

/** Everything above the hunks. */
export function writePatchHead(file: FileChange, options: PatchHeadOptions = {}): string[] {
  const { idDigits = 40, spell = quotePath } = options;
  const old: Side = { path: file.oldPath ?? file.path, version: file.before };
  const now: Side = { path: file.path, version: file.after };
  const isSame = old.version?.oid === now.version?.oid;
  const first = [`a/${old.path}`, `b/${now.path}`].map((it) => spell(it, isMisread(it)));
  return [
    `diff --git ${first.join(' ')}`,
    ...writeModes(old.version, now.version),
    ...writeRename(file, spell),
    ...(isSame ? [] : [writeIds(old.version, now.version, idDigits)]),
    ...(isSame ? [] : writeNames(file, { old, now }, spell)),
  ];
}

/** Git does not find its way through a first line where a name has a space before a slash, or at its end. */
function isMisread(path: string): boolean {
  return / (?:\/|$)/.test(path);
}

type Spell = NonNullable<PatchHeadOptions['spell']>;

function writeModes(before: Version | undefined, after: Version | undefined): string[] {
  if (before === undefined) return [`new file mode ${after?.mode}`];
  if (after === undefined) return [`deleted file mode ${before.mode}`];
  return before.mode === after.mode ? [] : [`old mode ${before.mode}`, `new mode ${after.mode}`];
}

function writeRename({ oldPath, path, similarity = 100 }: FileChange, spell: Spell): string[] {
  if (oldPath === undefined) return [];
  return [
    `similarity index ${similarity}%`,
    `rename from ${spell(oldPath)}`,
    `rename to ${spell(path)}`,
  ];
}

function writeIds(before: Version | undefined, after: Version | undefined, digits: number): string {
  const [old, now] = [before, after].map((it) => (it?.oid ?? nothing).slice(0, digits));
  return `index ${old}..${now}${before?.mode === after?.mode ? ` ${before?.mode}` : ''}`;
}

function writeNames(
  file: FileChange,
  { old, now }: { readonly old: Side; readonly now: Side },
  spell: Spell,
): string[] {
  const name = (side: Side, letter: string) =>
    side.version === undefined ? '/dev/null' : spell(`${letter}/${side.path}`);
  const [from, to] = [name(old, 'a'), name(now, 'b')];
  if (file.hunks === undefined) return [`Binary files ${from} and ${to} differ`];
  if (file.hunks.length === 0) return [];
  return [`--- ${endName(from)}`, `+++ ${endName(to)}`];
}

/** A name with a space is ended by a tab, so that no reader takes a time for part of it. */
function endName(name: string): string {
  return name.includes(' ') ? `${name}\t` : name;
}

export function writeHunkHead({ oldStart, oldLines, newStart, newLines }: Hunk): string {
  const range = (start: number, count: number) => (count === 1 ? `${start}` : `${start},${count}`);
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
}
