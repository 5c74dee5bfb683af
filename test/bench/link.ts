/** An editor's end of a connection to the benches' agent: bare, or through the sidecar. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type Kind = 'bare' | 'clew';

export type Link = {
  readonly kind: Kind;
  readonly pid: number;
  /** The state folder, of interest only behind the sidecar. */
  readonly home: string;
  readonly workspace: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** Sends a line; resolves with the nanoseconds until the next line has come back. */
  ask(line: string): Promise<number>;
  /** Sends a request; resolves when its answer is there. Every chunk is shown on its way. */
  collect(method: string, params: object, onChunk?: (chunk: Buffer) => void): Promise<void>;
  /** The editor leaves: resolves when the agent and whoever was between have ended. */
  leave(): Promise<void>;
  /** Leaves, and takes the state folder away. */
  close(): Promise<void>;
};

const programs = resolve(import.meta.dirname, 'programs');
export const clew = resolve(
  process.env.CLEW_MAIN ?? resolve(import.meta.dirname, '../../dist/main.js'),
);

const benchAgent = [process.execPath, join(programs, 'agent.mjs')];

export function commandOf(kind: Kind, agent: readonly string[]): [string, ...string[]] {
  if (kind === 'bare') return [process.execPath, join(programs, 'bare-pipe.mjs'), '--', ...agent];
  if (!existsSync(clew)) throw new Error(`${clew} is not there: npm run build`);
  return [process.execPath, clew, 'acp', '--', ...agent];
}

/** Gathers how many milliseconds each stamped update was under way; read only at the end, since whoever reads is slow to hear. */
export function openStamps() {
  const heard: { readonly at: bigint; readonly chunk: Buffer }[] = [];
  const mark = '"text":"@';
  return {
    hear(chunk: Buffer): void {
      heard.push({ at: process.hrtime.bigint(), chunk });
    },
    read(): number[] {
      const times: number[] = [];
      let rest = '';
      for (const { at: now, chunk } of heard) {
        const lines = (rest + chunk.toString('latin1')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const at = line.indexOf(mark);
          if (at < 0) continue;
          const sent = BigInt(line.slice(at + mark.length, line.indexOf(' ', at)));
          times.push(Number(now - sent) / 1e6);
        }
      }
      return times;
    },
  };
}

/** A folder for a run's workspace and state, in which nothing of the person's own is read. */
export function openPlace() {
  const folder = mkdtempSync(join(tmpdir(), 'clew-bench-'));
  mkdirSync(join(folder, 'workspace'));
  mkdirSync(join(folder, 'user'));
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, 'user'),
    CLEW_HOME: join(folder, 'state'),
  };
  return {
    home: join(folder, 'state'),
    workspace: join(folder, 'workspace'),
    env,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function openLink(kind: Kind, extra: Record<string, string> = {}): Promise<Link> {
  const place = openPlace();
  const [program, ...args] = commandOf(kind, benchAgent);
  const child = spawn(program, args, {
    cwd: place.workspace,
    env: { ...place.env, ...extra },
    stdio: 'pipe',
  });
  child.stderr.pipe(process.stderr);
  let hear: (chunk: Buffer) => void = () => {};
  child.stdout.on('data', (chunk: Buffer) => hear(chunk));

  function ask(line: string): Promise<number> {
    return new Promise((done) => {
      hear = (chunk) => {
        if (chunk[chunk.length - 1] === 10) done(Number(process.hrtime.bigint() - begin));
      };
      const begin = process.hrtime.bigint();
      child.stdin.write(line);
    });
  }
  function collect(method: string, params: object, onChunk?: (chunk: Buffer) => void) {
    const request = { jsonrpc: '2.0', id: 'collect', method, params };
    const needle = '"id":"collect","result"';
    let end = Buffer.alloc(0);
    return new Promise<void>((done) => {
      hear = (chunk) => {
        onChunk?.(chunk);
        end = Buffer.concat([end, chunk.subarray(-200)]).subarray(-200);
        if (end.includes(needle) && end[end.length - 1] === 10) done();
      };
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  async function leave(): Promise<void> {
    child.stdin.end();
    await ended;
  }
  async function close(): Promise<void> {
    await leave();
    place.remove();
  }

  await collect('initialize', { protocolVersion: 1, clientCapabilities: {} });
  await collect('session/new', { cwd: place.workspace, mcpServers: [] });
  const { home, workspace } = place;
  return { kind, pid: child.pid ?? -1, home, workspace, child, ask, collect, leave, close };
}
