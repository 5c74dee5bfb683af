/** Who may have made a change that a checkpoint has, with what they told of it. */
import type { Claim } from '../attribution/apply-claim.ts';
import type { Suspect } from '../attribution/explain-change.ts';
import type { FileChange, FoldPorts } from '../attribution/fold-window.ts';
import { readText } from '../attribution/text-lines.ts';
import type { Checkpoint, Window } from '../shadow/order.ts';
import type { Act, Told } from '../undo/act.ts';
import { listBouts, listChanged, listNaming } from '../undo/bouts.ts';
import type { TextReader } from './open-text-reader.ts';

export function openSuspects(
  checkpoints: readonly Checkpoint[],
  windows: readonly Window[],
  texts: TextReader,
): FoldPorts['suspectsOf'] {
  const boutsAt = listBouts(checkpoints);
  const changedAt = listChanged(windows);
  const logged = checkpoints.flatMap((it) => it.logged ?? []);
  const blind = new Set(
    checkpoints.flatMap(({ id }, place) => (isAfterGap(checkpoints, place) ? [id] : [])),
  );

  return async (window, change) => {
    const bouts = boutsAt.get(window) ?? [];
    const naming = new Set(
      bouts.flatMap((bout) => listNaming(bout, change.path, { id: window, changedAt })),
    );
    const acts = joinSteps(bouts.flatMap((bout) => bout.acts));
    const suspects: Suspect[] = [];
    for (const { act, all } of acts) {
      if ('undo' in act.by) continue;
      const claims = await readClaims(all, change, texts);
      const isNaming = all.some((it) => naming.has(it));
      // Across a gap there are acts that nobody knows of any more: only the very text tells.
      const isSeen = !blind.has(window);
      const isUntold = isSeen && isNaming && claims.length === 0 && act.failed !== true;
      const isAble = isSeen && act.reach === 'anything';
      if (claims.length === 0 && !isUntold && !isAble) continue;
      suspects.push({ by: act.by, claims, witness: 'W', isUntold, isAble });
    }
    // Nobody watched: when it was is not asked, only whether the very text is there.
    for (const { by, told } of logged) {
      const claims = await readClaims([{ by, paths: [], reach: 'named', told }], change, texts);
      if (claims.length > 0)
        suspects.push({ by, claims, witness: 'L', isUntold: false, isAble: false });
    }
    return suspects;
  };
}

/** The one before it was forgotten: what it changed by itself cannot be told. */
export function isAfterGap(checkpoints: readonly Checkpoint[], place: number): boolean {
  const [before, at] = [checkpoints[place - 1], checkpoints[place]];
  return before?.number !== (at?.number ?? 0) - 1;
}

/** What is still running is an act of one checkpoint after the other. */
function joinSteps(acts: readonly Act[]): { act: Act; all: Act[] }[] {
  const steps = new Map<string, { act: Act; all: Act[] }>();
  for (const act of acts) {
    const name = 'undo' in act.by ? act.by.undo : act.by.step;
    const known = steps.get(name);
    if (known === undefined) steps.set(name, { act, all: [act] });
    else {
      known.all.push(act);
      known.act = act;
    }
  }
  return [...steps.values()];
}

async function readClaims(
  acts: readonly Act[],
  { path, from }: FileChange,
  texts: TextReader,
): Promise<Claim[]> {
  const told = acts
    .flatMap((act) => act.told ?? [])
    .filter((it) => it.path === path || (from !== undefined && it.path === from));
  const once = new Map(told.map((it) => [`${it.path} ${it.before} ${it.after}`, it]));
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
