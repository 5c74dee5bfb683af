/** The types of play.mjs, which is plain JavaScript because bare node has to run it. */
import type { Readable, Writable } from 'node:stream';

export type Side = 'editor' | 'agent';

/** Bytes that one side says, cut into these sizes (what is left over goes in one piece). */
export type Step = { from: Side; bytes: Buffer; cuts?: readonly number[] };

/** Everything that both sides say, in one order; the tails are what each side says after the other has finished. */
export type Script = {
  steps: readonly Step[];
  tails?: { editor?: Buffer; agent?: Buffer };
};

export type Ear = {
  hears(bytes: number): Promise<boolean>;
  ends(): Promise<void>;
  heard(): Buffer;
  wrongAt(): number;
};

export function openEar(input: Readable, wanted: Buffer): Ear;
export function wantedBy(side: Side, script: Script): Buffer;
export function play(
  side: Side,
  script: Script,
  ends: { ear: Ear; output: Writable },
): Promise<number>;
