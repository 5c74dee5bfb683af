/** History that an agent sends again when a session is taken up: it is counted, and recorded nowhere. */
import { addBounded } from './bounded.ts';

export type Replay = {
  messages: number;
  steps: number;
  /** The call ids counted so far. */
  readonly calls: Set<string>;
  /** The message that is being sent; its chunks count once. */
  message: string | undefined;
  /** Some agents answer before they have sent it all. What follows on the answer's heels is still history. */
  untilMono: number | undefined;
};

export function beginReplay(): Replay {
  return { messages: 0, steps: 0, calls: new Set(), message: undefined, untilMono: undefined };
}

export function countMessage(replay: Replay, role: string, messageId: string | undefined): void {
  const message = `${role} ${messageId ?? ''}`;
  if (replay.message !== message) replay.messages += 1;
  replay.message = message;
}

export function countCall(replay: Replay, call: string): void {
  replay.message = undefined;
  if (replay.calls.has(call)) return;
  addBounded(replay.calls, call, 10_000);
  replay.steps += 1;
}
