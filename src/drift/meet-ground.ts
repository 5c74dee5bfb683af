/** What becomes of a session when it looks at its repository again: what is kept of it, and what is told. */
import type { Event, FoundDrift, Ground } from '../contract/types.gen.ts';
import type { RepoEvent } from './fold-moves.ts';
import { compareFiles, type OpenDrift, renewFiles, type SessionGround } from './ground.ts';
import { judgeDrift, type Looked, listCauses } from './judge-drift.ts';
import { hasReturned } from './resolve-drift.ts';
import { writeContext } from './write-context.ts';

export type Sight = {
  readonly ground: Ground;
  /** How many events the repository has told of, and the last of them. */
  readonly count: number;
  readonly recent: readonly RepoEvent[];
  isOwn(event: RepoEvent): boolean;
  look(before: Ground): Omit<Looked, 'files'>;
  blobOf(path: string): string | null | undefined;
  /** The id of what may be found. */
  readonly drift: string;
  /** The turn whose prompt waits, or that was under way. */
  readonly turn?: string | undefined;
  /** The agent was at work meanwhile, so that files changed by its own hand as well. */
  readonly isAtWork: boolean;
};

export type Met = {
  readonly kept: SessionGround;
  readonly events: readonly Event[];
  readonly found?: FoundDrift;
};

const filesShown = 100;

export function meetGround(kept: SessionGround, sight: Sight): Met {
  const { ground, count, blobOf } = sight;
  if (ground.operation !== undefined) return { kept, events: [] };
  const stood: SessionGround = { ...kept, ground, count };
  const returned = meetReturn(stood, blobOf);
  if (returned !== undefined) return returned;
  const { before, events, isCut } = readSince(kept, sight);
  const { level, reasons, files } = judgeDrift({
    ...{ before, after: ground, events, isCut, isOwn: sight.isOwn },
    look: () => ({
      ...sight.look(before),
      files: isPlainCommit(events, sight) ? [] : compareFiles(kept.files, blobOf),
    }),
  });
  if (level !== 'notice' && level !== 'alert') return { kept: stood, events: [] };
  const found: FoundDrift = {
    ...{ drift: sight.drift, level, before, after: ground, reasons: [...reasons] },
    ...{ causes: listCauses({ events, isOwn: sight.isOwn }), files: files.slice(0, filesShown) },
    ...(filesShown < files.length ? { filesLeftOut: files.length - filesShown } : {}),
  };
  const replaced = level === 'alert' ? kept.open?.drift : undefined;
  const told: Event = {
    ...{ type: 'drift-found', found },
    ...(sight.turn === undefined ? {} : { turn: sight.turn }),
    ...(replaced === undefined ? {} : { replaces: replaced }),
  };
  if (level === 'notice') return { kept: stood, events: [told], found };
  const open = openAlert(kept, found);
  const renewed = { ...stood, files: renewFiles(kept.files, blobOf), open };
  return { kept: { ...renewed, owed: writeContext(open) }, events: [told], found };
}

/** Where everything is as it was before an alert, that has resolved itself. */
function meetReturn(kept: SessionGround, blobOf: Sight['blobOf']): Met | undefined {
  const { open, owed: _owed, ...rest } = kept;
  if (open === undefined || !hasReturned(kept, blobOf)) return undefined;
  const { drift, before, files } = open;
  const after = kept.ground;
  const event: Event = { type: 'drift-resolved', drift, how: 'returned', before, after, files };
  return { kept: { ...rest, files: renewFiles(rest.files, blobOf) }, events: [event] };
}

/**
 * To commit changes no file. What nobody saw the agent commit while it was at work may well be its own, and
 * so may be what its files are now.
 */
function isPlainCommit(events: readonly RepoEvent[], { isAtWork, isOwn }: Sight): boolean {
  const heads = events.filter((it) => it.type !== 'branch-moved' && !isOwn(it));
  const isPlain = ({ cause, actor }: RepoEvent) =>
    (cause === 'commit' || cause === 'amend') && actor.kind === 'unknown';
  return isAtWork && 0 < heads.length && heads.every(isPlain);
}

function readSince({ ground, count }: SessionGround, sight: Sight) {
  const fresh = sight.count - count;
  const isCut = fresh < 0 || sight.recent.length < fresh;
  const events = isCut || fresh === 0 ? [] : sight.recent.slice(-fresh);
  return { before: ground, events, isCut };
}

/** An alert that nobody resolved goes on in the next one: what was known is what was known before the first. */
function openAlert({ open, files }: SessionGround, found: FoundDrift): OpenDrift {
  const known = new Map(files);
  const was = new Map(open?.was);
  for (const { path } of found.files) {
    const file = known.get(path);
    if (file !== undefined && !was.has(path)) was.set(path, file);
  }
  const earlier =
    open?.files.filter((it) => !found.files.some((now) => now.path === it.path)) ?? [];
  return {
    ...found,
    before: open?.before ?? found.before,
    reasons: [...new Set([...(open?.reasons ?? []), ...found.reasons])],
    files: [...earlier, ...found.files].slice(-filesShown),
    was: [...was],
  };
}
