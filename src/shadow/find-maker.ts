/** Who made the version of a file that is there now, as far as the checkpoints tell. */
import { gatherEdits } from '../undo/gather-edits.ts';
import type { Calls } from './calls.ts';
import type { Checkpoint } from './order.ts';

export type MakerQuestion = {
  readonly session: string;
  /** Relative to the workspace. */
  readonly path: string;
  /** Git blob ids; null for no file. */
  readonly seen: string | null;
  readonly found: string | null;
  /** That what was seen was on disk then is known already. */
  readonly wasOnDisk: boolean;
};

/** Further back nobody looks: then it is not sure. */
const lookLimit = 300;

/**
 * `other`: after what was seen, the file became what was found, and nothing that the session did can
 * have done it. `agent`: it was the session, or can have been nobody else.
 */
export async function findMaker(
  keeper: Pick<Calls, 'list' | 'versionsAt' | 'windows'>,
  question: MakerQuestion,
): Promise<'agent' | 'unsure' | 'other'> {
  const { session, path, seen, found } = question;
  const checkpoints = await keeper.list();
  const back = openLookBack(keeper, checkpoints, path);
  const before = await back(checkpoints.length - 1, (blob) => blob !== found);
  const first = before === undefined ? undefined : checkpoints[before + 1];
  if (before === undefined || first === undefined) return 'unsure';
  // What the agent saw may have been a text that was never saved: then nobody wrote over it.
  const isOlder = question.wasOnDisk || (await back(before, (blob) => blob === seen)) !== undefined;
  if (!isOlder) return 'unsure';
  const windows = await keeper.windows(first.id, first.id);
  const own = gatherEdits(checkpoints, windows, { kind: 'session', id: session });
  const evidence = own.find((it) => it.path === path)?.evidence;
  if (evidence === undefined || evidence === 'unclaimed') return 'other';
  return evidence === 'contested' ? 'unsure' : 'agent';
}

type LookBack = (
  from: number,
  isIt: (blob: string | null) => boolean,
) => Promise<number | undefined>;

/** The place of the newest checkpoint, from one on backwards, whose version is the one meant. */
function openLookBack(
  keeper: Pick<Calls, 'versionsAt'>,
  checkpoints: readonly Checkpoint[],
  path: string,
): LookBack {
  return async (from, isIt) => {
    for (let at = from; at >= 0 && checkpoints.length - at <= lookLimit; at -= 1) {
      const [version] = await keeper.versionsAt(checkpoints[at]?.id ?? '', [path]);
      if (version === 'unknown') return undefined;
      if (isIt(version?.oid ?? null)) return at;
    }
    return undefined;
  };
}
