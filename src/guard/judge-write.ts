/** Decides what is to become of a write by an agent that may not know what it writes over. */
import { findLosses, isLossless, type Losses } from './find-losses.ts';
import { isEvidence, type Sighting } from './sighting.ts';
import type { StalePolicy } from './stale-policies.ts';

/** Git's blob id, and the text where it is one that can be compared; one character a byte. */
export type Version = { readonly blob: string | null; readonly text?: string | undefined };

export type WriteCase = {
  readonly policy: StalePolicy;
  readonly seen: Sighting | undefined;
  /** The text of what was seen, where somebody kept it. */
  readonly seenText?: string | undefined;
  readonly found: Version;
  readonly wanted: Version;
  /**
   * Whether the agent may have made what was found: nobody else can have, it may have, or it has not,
   * as far as the checkpoints tell. Undefined while nobody has looked.
   */
  readonly maker?: 'agent' | 'unsure' | 'other' | undefined;
};

export type PassReason =
  /** The guard is off. */
  | 'off'
  /** Nobody knows what the agent saw. */
  | 'unseen'
  /** It is only a guess, or it saw a part: too little to stop anybody for. */
  | 'guess'
  | 'current'
  | 'identical'
  | 'own'
  /** Another version is there, and it is not sure that somebody else made it, or what was in the one seen. */
  | 'unproven'
  /** The new text has the change of the other in it. */
  | 'keeps';

export type StaleEdit = {
  readonly kind: 'refuse' | 'ask' | 'warn';
  readonly seen: Sighting;
  readonly found: Version;
  readonly losses: Losses;
};

export type WriteVerdict =
  | {
      readonly kind: 'pass';
      readonly why: PassReason;
      readonly seen?: Sighting | undefined;
      readonly found: Version;
    }
  | StaleEdit;

/** What the ids alone can tell; undefined when it takes a closer look. */
export function judgeVersions(given: WriteCase): (WriteVerdict & { kind: 'pass' }) | undefined {
  const { policy, seen, found, wanted } = given;
  const pass = (why: PassReason) => ({ kind: 'pass', why, seen, found }) as const;
  if (policy === 'off') return pass('off');
  if (seen === undefined) return pass('unseen');
  if (seen.blob === found.blob) return pass('current');
  if (wanted.blob === found.blob) return pass('identical');
  return isEvidence(seen) ? undefined : pass('guess');
}

/**
 * Stale is proven when the agent saw one version, by evidence, and the disk has another by now that
 * the agent did not make, and writing over it would lose what that other brought. No clock has a say.
 */
export function judgeWrite(given: WriteCase): WriteVerdict {
  const known = judgeVersions(given);
  if (known !== undefined) return known;
  const { policy, seen, found, wanted, maker } = given;
  const pass = (why: PassReason) => ({ kind: 'pass', why, seen, found }) as const;
  if (maker === 'agent') return pass('own');
  const texts = readTexts(given);
  if (maker !== 'other' || texts === undefined || seen === undefined || policy === 'off')
    return pass('unproven');
  const losses = findLosses({ ...texts, wanted: wanted.text ?? '' });
  if (isLossless(losses)) return pass('keeps');
  return { kind: policy, seen, found, losses };
}

/** A file that is not there has no lines; a text that nobody kept proves nothing. */
function readTexts({ seen, seenText, found, wanted }: WriteCase) {
  const was = seen?.blob === null ? '' : seenText;
  const is = found.blob === null ? '' : found.text;
  if (was === undefined || is === undefined || wanted.text === undefined) return undefined;
  return { seen: was, found: is };
}
