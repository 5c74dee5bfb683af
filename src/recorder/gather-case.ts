/** Gathers what the guard has to know of one write before it can judge it, and no more than that takes. */
import {
  judgeVersions,
  judgeWrite,
  type Version,
  type WriteCase,
  type WriteVerdict,
} from '../guard/judge-write.ts';
import { isEvidence, type Sighting } from '../guard/sighting.ts';
import type { StalePolicy } from '../guard/stale-policies.ts';
import type { Calls } from '../shadow/calls.ts';
import { findMaker } from '../shadow/find-maker.ts';

export type WriteWish = {
  readonly session: string;
  readonly root: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly wanted: Version;
  readonly policy: StalePolicy;
  /** What it is based on, where that is known better than by what the session saw last. */
  readonly seen?: Sighting | undefined;
};

export type CasePorts = {
  seenOf(session: string, path: string): Sighting | undefined;
  /** Fulfilled when what went by until now is looked at, and known to `seenOf`. */
  settleSeen(): Promise<void>;
  keeperOf(root: string): Pick<Calls, 'list' | 'versionsAt' | 'windows' | 'readBlob'>;
  /** What is on disk; undefined for what is no file that can be read whole. */
  readNow(root: string, path: string): Version | undefined;
  /** Git's blob id of a text. */
  blobOf(text: string): string;
  /** A text that went by lately; one character a byte. */
  textOf(blob: string): string | undefined;
  /** That version was on disk when the session saw it. */
  wasOnDisk(session: string, path: string, blob: string | null): boolean;
};

/** What is off, no plain file or too large to compare is not judged. */
const unread: WriteVerdict = { kind: 'pass', why: 'off', found: { blob: null } };

export type Judged = { readonly verdict: WriteVerdict; readonly seenText: string | undefined };

export async function judgeWish(ports: CasePorts, wish: WriteWish): Promise<Judged> {
  const { session, root, path, wanted, policy } = wish;
  const found = policy === 'off' ? undefined : ports.readNow(root, path);
  if (found === undefined) return { verdict: unread, seenText: undefined };
  const sight = () => wish.seen ?? ports.seenOf(session, path);
  const first = judgeVersions({ policy, seen: sight(), found, wanted });
  if (first !== undefined) return { verdict: first, seenText: undefined };
  // It may have looked at it again a moment ago.
  await ports.settleSeen();
  const seen = sight();
  const known: WriteCase = { policy, seen, found, wanted };
  const quick = judgeVersions(known);
  if (quick !== undefined || seen === undefined || !isEvidence(seen))
    return { verdict: quick ?? judgeWrite(known), seenText: undefined };
  const keeper = ports.keeperOf(root);
  const seenText = await readText(ports, keeper, seen.blob);
  const maker = await findMaker(keeper, {
    session,
    path,
    seen: seen.blob,
    found: found.blob,
    wasOnDisk: seen.how === 'disk' || ports.wasOnDisk(session, path, seen.blob),
  });
  return { verdict: judgeWrite({ ...known, seenText, maker }), seenText };
}

async function readText(
  ports: CasePorts,
  keeper: Pick<Calls, 'readBlob'>,
  blob: string | null,
): Promise<string | undefined> {
  if (blob === null) return undefined;
  const recent = ports.textOf(blob);
  if (recent !== undefined) return recent;
  const kept = await keeper.readBlob(blob);
  const text = kept === null ? undefined : Buffer.from(kept, 'base64').toString('latin1');
  return text?.includes('\0') ? undefined : text;
}
