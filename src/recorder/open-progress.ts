/** Tells whoever listens how far steps are, several times a second while they move, and at no cost while nobody does. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Progress, type ProgressServer, serveProgress } from '../store/serve-progress.ts';

type StepProgress = {
  readonly session: string;
  readonly step: string;
  readonly text: string;
  readonly from: number;
};

export type ProgressPorts = {
  read(which: 'moved' | 'all'): readonly StepProgress[];
  redact(text: string): string;
  rootOf(session: string): string | undefined;
  /** Where sockets of this user are. Throws where there is no such place. */
  folder(): string;
  refused(error: unknown): void;
};

export type ProgressTeller = {
  /** Opens a workspace's socket; undefined where there can be none. */
  serve(root: string, writer: string): string | undefined;
  /** Takes away what a writer left that was killed. */
  clear(writer: string): void;
  /** Something was heard. */
  wake(): void;
  close(): void;
};

const everyMs = 50;
const shownLength = 4096;

export function openProgress(ports: ProgressPorts): ProgressTeller {
  const servers = new Map<string, ProgressServer>();
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    timer = undefined;
    const told = ports.read('moved').map(show);
    for (const [root, server] of servers)
      server.tell(told.filter((it) => ports.rootOf(it.session) === root));
  }

  /** Redacted as a whole, and cut only then. */
  function show({ session, step, text, from }: StepProgress): Progress {
    const redacted = ports.redact(text);
    const cut = Math.max(0, redacted.length - shownLength);
    return { session, step, content: redacted.slice(cut), from: from + cut };
  }

  function isHeard(): boolean {
    for (const server of servers.values()) if (server.isHeard) return true;
    return false;
  }

  return {
    serve(root, writer) {
      try {
        const path = join(ports.folder(), nameSocket(writer));
        servers.get(root)?.close();
        const open = () => {
          const all = ports.read('all').filter((it) => ports.rootOf(it.session) === root);
          return all.map(show);
        };
        servers.set(root, serveProgress(path, { open, refused: ports.refused }));
        return path;
      } catch (error) {
        ports.refused(error);
        return undefined;
      }
    },
    clear(writer) {
      if (process.platform === 'win32') return;
      try {
        rmSync(join(ports.folder(), nameSocket(writer)), { force: true });
      } catch (error) {
        ports.refused(error);
      }
    },
    wake() {
      if (timer === undefined && isHeard()) timer = setTimeout(tell, everyMs);
    },
    close() {
      clearTimeout(timer);
      for (const server of servers.values()) server.close();
    },
  };
}

function nameSocket(writer: string): string {
  return `${writer}.sock`;
}
