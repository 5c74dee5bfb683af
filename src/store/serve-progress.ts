/** Tells whoever listens what is in no journal: how far steps are that are going on, through a socket. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** How far a step is: its text so far, or the end of it. */
export type Progress = {
  readonly session: string;
  readonly step: string;
  readonly content: string;
  /** So many characters come before. */
  readonly from: number;
};

export type ProgressServer = {
  /** False while nobody listens: then nothing needs to be put together. */
  readonly isHeard: boolean;
  tell(progress: readonly Progress[]): void;
  close(): void;
};

export type ProgressPorts = {
  /** What is going on now, for whoever comes late. */
  open(): readonly Progress[];
  /** It cannot be told; recording goes on. */
  refused(error: Error): void;
};

/** What macOS has room for; a longer one would be cut in silence. */
const longestPath = 103;
/** Who does not read is left out until it has: each message is the whole truth, so nothing is missed by that. */
const waitingBytes = 256 << 10;

export function serveProgress(path: string, ports: ProgressPorts): ProgressServer {
  if (longestPath < Buffer.byteLength(path))
    throw new Error(`the path of a socket is too long: ${path}`);
  const listeners = new Set<Socket>();
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const server = createServer((socket) => {
    listeners.add(socket);
    socket.on('close', () => listeners.delete(socket));
    // A listener that goes is no concern of ours.
    socket.on('error', () => socket.destroy());
    socket.resume();
    write(socket, ports.open());
  });
  server.on('error', ports.refused);
  server.listen(path, () => {
    if (process.platform !== 'win32') closeToOthers(path, ports);
  });
  // It keeps no process alive that has nothing else to do.
  server.unref();

  return {
    get isHeard() {
      return 0 < listeners.size;
    },
    tell(progress) {
      for (const socket of listeners) write(socket, progress);
    },
    close() {
      server.close();
      for (const socket of listeners) socket.destroy();
    },
  };
}

/** Its folder is closed to them already; it may have been closed and taken away meanwhile. */
function closeToOthers(path: string, { refused }: ProgressPorts): void {
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code !== 'ENOENT') refused(error);
  }
}

function write(socket: Socket, progress: readonly Progress[]): void {
  if (progress.length === 0 || waitingBytes < socket.writableLength) return;
  socket.write(progress.map((it) => `${JSON.stringify(it)}\n`).join(''));
}
