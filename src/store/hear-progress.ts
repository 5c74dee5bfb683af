/** Listens to how far the steps are that other processes are at. */
import { connect, type Socket } from 'node:net';
import { readJson, shapeOf } from '../journal/json.ts';
import type { Progress } from './serve-progress.ts';

export type Hearing = { close(): void };

export type HearingPorts = {
  hear(progress: Progress): void;
  /** Nobody tells any more: the process has ended, or never told. */
  ended(): void;
};

/** No teller sends more in one line; what does is none. */
const lineLimit = 1 << 20;

export function hearProgress(path: string, { hear, ended }: HearingPorts): Hearing {
  const socket: Socket = connect(path);
  let rest = '';
  let isClosed = false;
  // That it ends says all there is to say.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (!isClosed) ended();
  });
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (lineLimit < rest.length) socket.destroy();
    for (const line of lines) {
      const progress = parseProgress(line);
      if (progress !== undefined) hear(progress);
    }
  });
  socket.unref();
  return {
    close() {
      isClosed = true;
      socket.destroy();
    },
  };
}

/** Undefined when it is none: a later version may tell of other things. */
function parseProgress(line: string): Progress | undefined {
  const { session, step, content, from } = shapeOf(readJson(line));
  if (typeof session !== 'string' || typeof step !== 'string') return undefined;
  if (typeof content !== 'string' || typeof from !== 'number') return undefined;
  return { session, step, content, from };
}
