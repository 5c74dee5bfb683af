/** cases/frames.json as scripts: each vector is a turn of its own, between a prompt before it and a message after it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Script, Side, Step } from './peers/play.mjs';

type Make = {
  before: string;
  repeat: string;
  middle: string;
  close: string;
  times: number;
  after: string;
};

type Frame = {
  from: Side | 'both';
  text?: string;
  base64?: string;
  make?: Make;
  /** Instead of a newline. */
  end?: string;
};

export type Vector = {
  name: string;
  /** Its number in the table of faults. */
  fault: number;
  frames: Frame[];
  /** Why each of its lines has to be recorded as opaque. */
  kept?: string;
  /** What must be recorded in its turn, as parts of events. */
  journal?: Record<string, unknown>[];
  /** What must not be. */
  absent?: Record<string, unknown>[];
};

export const vectors = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'cases/frames.json'), 'utf8'),
) as Vector[];

/** All lines of a vector; one that comes from both sides is said by the editor first. */
export function linesOf(vector: Vector): Step[] {
  return vector.frames.flatMap((frame) => {
    const bytes = Buffer.concat([bytesOf(frame), Buffer.from(frame.end ?? '\n')]);
    const sides: Side[] = frame.from === 'both' ? ['editor', 'agent'] : [frame.from];
    return sides.map((from) => ({ from, bytes }));
  });
}

function bytesOf({ text, base64, make }: Frame): Buffer {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  if (make === undefined) return Buffer.from(text ?? '');
  const { before, repeat, middle, close, times, after } = make;
  return Buffer.from(`${before}${repeat.repeat(times)}${middle}${close.repeat(times)}${after}`);
}

export function say(from: Side, message: object): Step {
  return { from, bytes: Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`) };
}

export function sayUpdate(text: string, sessionId = 's'): Step {
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
  return say('agent', { method: 'session/update', params: { sessionId, update } });
}

/** The beginning of a plain conversation, up to its open session. */
export const opening: readonly Step[] = [
  say('editor', {
    id: 0,
    method: 'initialize',
    params: { protocolVersion: 1, clientCapabilities: {} },
  }),
  say('agent', { id: 0, result: { protocolVersion: 1, agentCapabilities: {} } }),
  say('editor', { id: 1, method: 'session/new', params: { cwd: '/nowhere', mcpServers: [] } }),
  say('agent', { id: 1, result: { sessionId: 's' } }),
];

function turnAround(vector: Vector): Step[] {
  const prompt = [{ type: 'text', text: `before: ${vector.name}` }];
  const id = `turn of ${vector.name}`;
  return [
    say('editor', { id, method: 'session/prompt', params: { sessionId: 's', prompt } }),
    ...linesOf(vector),
    sayUpdate(`after: ${vector.name}`),
    say('agent', { id, result: { stopReason: 'end_turn' } }),
  ];
}

/** Everything hostile in one conversation, with a rest that has no newline on both sides. */
export function scriptOf(some: readonly Vector[]): Script {
  return {
    steps: [...opening, ...some.flatMap(turnAround)],
    tails: {
      editor: Buffer.from('{"jsonrpc":"2.0","method":"_x/last words of the edit'),
      agent: Buffer.from('{"jsonrpc":"2.0","method":"_x/last words of the agen'),
    },
  };
}
