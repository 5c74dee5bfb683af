/** The leader's door for other processes, and the followers' way to it. */
import { chmodSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { type Answer, answerCall, askCalls, type Call, type Calls } from './calls.ts';
import { removeTemp } from './durable-file.ts';

export async function serveSocket(path: string, calls: Calls): Promise<{ close(): void }> {
  removeTemp(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A follower that dies in the middle of a line is no concern of the leader's.
    socket.on('error', () => socket.destroy());
    onLine(socket, (line) => void answerLine(socket, line, calls));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
  chmodSync(path, 0o600);
  return {
    /** Whoever is still connected learns at once that it has to look for another leader. */
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Not readline: that passes a socket's errors on to where nobody listens. */
function onLine(socket: Socket, act: (line: string) => void): void {
  let parts: string[] = [];
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const [first = '', ...rest] = chunk.split('\n');
    parts.push(first);
    for (const next of rest) {
      act(parts.join(''));
      parts = [next];
    }
  });
}

async function answerLine(socket: Socket, line: string, calls: Calls): Promise<void> {
  const answer = await answerCall(calls, JSON.parse(line) as Call);
  if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
}

export type Asked = { readonly calls: Calls; close(): void; readonly closed: Promise<void> };

/** Rejects when nobody answers there. */
export async function askSocket(path: string): Promise<Asked> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => socket.destroy());
  const asked = askCalls((call) => socket.write(`${JSON.stringify(call)}\n`));
  onLine(socket, (line) => asked.settle(JSON.parse(line) as Answer));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      asked.drop(new LeaderLost());
      resolve();
    });
  });
  return { calls: asked.calls, closed, close: () => socket.destroy() };
}

/** The leader went away before it answered: ask whoever leads now. */
export class LeaderLost extends Error {
  override readonly name = 'LeaderLost';
}
