/** Who may have made a change that a checkpoint has, with what they told of it. */
import type { Claim } from '../attribution/apply-claim.ts';
import type { Suspect } from '../attribution/explain-change.ts';
import type { FileChange, FoldPorts } from '../attribution/fold-window.ts';
import { readText } from '../attribution/text-lines.ts';
import type { Checkpoint, Window } from '../shadow/order.ts';
import type { Act, Logged, Told } from '../undo/act.ts';
import { isAfterGap, isEarlier, listBouts, listChanged, listNaming } from '../undo/bouts.ts';
import { listNext } from './list-following.ts';
import type { TextReader } from './open-text-reader.ts';

export type Suspects = {
  readonly of: FoldPorts['suspectsOf'];
  readonly toldNext: NonNullable<FoldPorts['toldNext']>;
  /** What the wire told of the path. */
  listTold(window: string, path: string): readonly Told[];
};

export function openSuspects(
  checkpoints: readonly Checkpoint[],
  windows: readonly Window[],
  texts: TextReader,
): Suspects {
  const boutsAt = listBouts(checkpoints);
  const changedAt = listChanged(windows);
  const logged = checkpoints.flatMap((it) => it.logged ?? []).map(readDone);
  const seenAt = new Map(checkpoints.map((it) => [it.id, it]));
  const placeAt = new Map(checkpoints.map((it, place) => [it.id, place]));
  const blind = new Set(
    checkpoints.flatMap(({ id }, place) => (isAfterGap(checkpoints, place) ? [id] : [])),
  );
  let last: { readonly window: string; readonly doings: readonly Doing[] } | undefined;
  let lastNext: typeof last;

  /** All changes of a window are asked for one after the other. */
  function doingsOf(window: string): readonly Doing[] {
    if (last?.window !== window)
      last = { window, doings: joinSteps((boutsAt.get(window) ?? []).flatMap((it) => it.acts)) };
    return last.doings;
  }

  async function of(window: string, change: FileChange): Promise<readonly Suspect[]> {
    const at = { id: window, changedAt };
    const naming = new Set(
      (boutsAt.get(window) ?? []).flatMap((bout) => listNaming(bout, change.path, at)),
    );
    const suspects: Suspect[] = [];
    for (const { act, all, told } of doingsOf(window)) {
      if ('undo' in act.by) continue;
      const claims = await readClaims(told, change, texts);
      const isNaming = all.some((it) => naming.has(it));
      // Across a gap there are acts that nobody knows of any more: only the very text tells.
      const isSeen = !blind.has(window);
      const isUntold = isSeen && isNaming && claims.length === 0 && act.failed !== true;
      const isEarly = isEarlier(seenAt.get(window) ?? {}, change.path, act);
      const isAble = isSeen && !isEarly && act.reach === 'anything';
      if (claims.length === 0 && !isUntold && !isAble) continue;
      suspects.push({ by: act.by, claims, witness: 'W', isUntold, isAble });
    }
    // Nobody watched: when it was is not asked, only whether the very text is there.
    for (const { by, told } of logged) {
      const claims = await readClaims(told, change, texts);
      if (claims.length > 0)
        suspects.push({ by, claims, witness: 'L', isUntold: false, isAble: false });
    }
    return suspects;
  }

  /** What was told to the letter only after that window, and may have been done in it. */
  function nextOf(window: string): readonly Doing[] {
    if (lastNext?.window === window) return lastNext.doings;
    const known = new Set(doingsOf(window).map(({ act }) => nameOf(act)));
    const next = listNext(checkpoints, placeAt.get(window) ?? -1).flatMap((it) => it.acts);
    const isNew = (act: Act) => act.failed !== true && act.told && !known.has(nameOf(act));
    lastNext = { window, doings: joinSteps(next.filter(isNew)) };
    return lastNext.doings;
  }

  async function toldNext(window: string, change: FileChange): Promise<readonly Suspect[]> {
    const suspects: Suspect[] = [];
    for (const { act, told } of nextOf(window)) {
      if ('undo' in act.by) continue;
      const claims = await readClaims(told, change, texts);
      if (claims.length > 0)
        suspects.push({ by: act.by, claims, witness: 'W', isUntold: false, isAble: false });
    }
    return suspects;
  }

  return {
    of,
    toldNext,
    listTold: (window, path) => doingsOf(window).flatMap(({ told }) => told.get(path) ?? []),
  };
}

type ByPath = ReadonlyMap<string, readonly Told[]>;

/** A tool call: what is still running is an act of one checkpoint after the other. */
type Doing = { readonly act: Act; readonly all: readonly Act[]; readonly told: ByPath };

function readDone({ by, told }: Logged): { readonly by: Logged['by']; readonly told: ByPath } {
  return { by, told: groupByPath(told) };
}

function groupByPath(told: readonly Told[]): ByPath {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    const known = groups.get(one.path);
    if (known === undefined) groups.set(one.path, [one]);
    else known.push(one);
  }
  return groups;
}

function joinSteps(acts: readonly Act[]): Doing[] {
  const steps = new Map<string, Act[]>();
  for (const act of acts) {
    const name = nameOf(act);
    steps.set(name, [...(steps.get(name) ?? []), act]);
  }
  return [...steps.values()].map((all) => ({
    act: all.at(-1) as Act,
    all,
    told: groupByPath(all.flatMap((it) => it.told ?? [])),
  }));
}

function nameOf({ by }: Act): string {
  return 'undo' in by ? by.undo : by.step;
}

async function readClaims(
  told: ByPath,
  { path, from }: FileChange,
  texts: TextReader,
): Promise<Claim[]> {
  const found = [...(told.get(path) ?? []), ...((from !== undefined && told.get(from)) || [])];
  const once = new Map(found.map((it) => [`${it.path} ${it.before} ${it.after}`, it]));
  const claims = await Promise.all([...once.values()].map((it) => readClaim(it, path, texts)));
  return claims.filter((it) => it !== undefined);
}

/** Undefined without its texts, and of a file's old name when that went. */
async function readClaim(
  { path: named, before, after, whole }: Told,
  path: string,
  texts: TextReader,
): Promise<Claim | undefined> {
  const [old, now] = await Promise.all(
    [before, after].map(async (oid) => {
      const raw = oid === undefined ? undefined : await texts.read(oid);
      return raw === undefined ? undefined : readText(raw).text;
    }),
  );
  if (named !== path && now === undefined) return undefined;
  if ((before !== undefined && old === undefined) || (after !== undefined && now === undefined))
    return undefined;
  return {
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
    isWhole: whole === true,
  };
}
