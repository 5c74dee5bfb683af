/** checkpoint/diff: what differs between two checkpoints, or between one and the files as they are now. */
import { compareFile } from '../../compare/compare-file.ts';
import { findRenames } from '../../compare/find-renames.ts';
import type { Change, Sources } from '../../compare/sources.ts';
import type { FileChange } from '../../contract/types.gen.ts';
import type { Calls } from '../../shadow/calls.ts';
import type { Context, Handler } from '../context.ts';
import { relativePath } from '../relative-path.ts';
import { resolveCheckpoint } from '../resolve-checkpoint.ts';
import { takeWhole } from '../take-whole.ts';
import { tellTaken } from '../tell-taken.ts';

const usualLimitBytes = 32 << 20;

export const checkpointDiff: Handler<'checkpoint/diff'> = async (context, params) => {
  const { from, to, paths, context: lines, limitBytes = usualLimitBytes } = params;
  const isWanted = chooseChanges(context, paths);
  const before = await resolveCheckpoint(context, from);
  const keeper = await context.keeper();
  const after = to === undefined ? await lookNow(context, keeper) : await findEnd(context, to);
  const changes = await keeper.diff(before, after.id);
  const sources = openSources(keeper);
  const wanted = changes.filter(isWanted);
  const paired = await findRenames(
    wanted.filter((it) => it.unknown === undefined),
    sources,
  );
  const files: FileChange[] = [];
  const left = { chars: limitBytes, cut: 0 };
  for (const change of paired.changes) {
    const options = lines === undefined ? {} : { context: lines };
    files.push(keepIfRoom(await compareFile(change, sources, options), left));
  }
  const notes = [
    ...after.notes,
    ...tellUnknown(wanted, before, after.id),
    ...(paired.gaveUp === undefined
      ? []
      : [`files that were renamed and edited were not looked for: ${paired.gaveUp}`]),
  ];
  return {
    from: before,
    to: after.id,
    files,
    ...(left.cut === 0 ? {} : { truncated: true }),
    ...(notes.length === 0 ? {} : { notes }),
  };
};

const namedPaths = 3;

/** A file that one side does not have, because nobody read it then, neither came nor went for that. */
function tellUnknown(changes: readonly Change[], before: string, after: string): string[] {
  return (['before', 'after'] as const).flatMap((side) => {
    const paths = changes.filter((it) => it.unknown === side).map((it) => it.path);
    if (paths.length === 0) return [];
    const more = paths.length - namedPaths;
    const names = paths.slice(0, namedPaths).join(', ') + (0 < more ? ` and ${more} more` : '');
    const id = (side === 'before' ? before : after).slice(-6).toLowerCase();
    return [`left out, since checkpoint ${id} could not have it: ${names}`];
  });
}

type End = { readonly id: string; readonly notes: readonly string[] };

async function findEnd(context: Context, word: string): Promise<End> {
  return { id: await resolveCheckpoint(context, word), notes: [] };
}

/** What is now is known by taking it; nobody looks twice at the same for nothing. */
async function lookNow(context: Context, keeper: Calls): Promise<End> {
  const reason = 'look';
  const order = { ...context.mint(), marks: { reason }, unlessSame: true };
  const taken = await takeWhole(keeper, order);
  const tookMs = context.mint().at - order.at;
  if (taken.same !== true) await context.record({ event: tellTaken(taken, { reason, tookMs }) });
  const { id, degraded, uncaptured } = taken;
  const missing = uncaptured === 1 ? '1 path was' : `${uncaptured} paths were`;
  return {
    id,
    notes: [
      ...(degraded === undefined ? [] : [`the files as they are now: ${degraded}`]),
      ...(uncaptured === 0 ? [] : [`${missing} not captured`]),
    ],
  };
}

function chooseChanges(
  context: Context,
  paths: readonly string[] | undefined,
): (change: Change) => boolean {
  if (paths === undefined || paths.length === 0) return () => true;
  const named = paths.map((path) => relativePath(context, path));
  return ({ path }) =>
    named.some((name) => name === '' || path === name || path.startsWith(`${name}/`));
}

function openSources(keeper: Calls): Sources {
  return {
    async readBytes(oid) {
      const text = await keeper.readBlob(oid);
      return text === null ? undefined : Buffer.from(text, 'base64');
    },
  };
}

/** What does not fit any more keeps its figures; smaller files after it may still fit. */
function keepIfRoom(file: FileChange, left: { chars: number; cut: number }): FileChange {
  const { hunks, ...rest } = file;
  if (hunks === undefined || hunks.length === 0) return file;
  const lines = hunks.flatMap((it) => it.lines);
  const chars = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (left.chars < chars) {
    left.cut += 1;
    return { ...rest, why: 'its lines were left out: more than limitBytes' };
  }
  left.chars -= chars;
  return file;
}
