/** A session at work in a real repository, told of by events, behind a sidecar's own watch and desk. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Event, FoundDrift } from '../../src/contract/types.gen.ts';
import { type Context, openContext } from '../../src/methods/context.ts';
import { openDesk } from '../../src/recorder/open-desk.ts';
import { type OwnDrift, openOwnDrift } from '../../src/recorder/open-own-drift.ts';
import { openClock } from '../../src/store/clock.ts';
import { openStateHome } from '../../src/store/state-folder.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import { openRepository } from '../methods/hooks/repository.ts';
import { readEvents } from '../whole/journals.ts';

export type Drifting = {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly context: Context;
  git(...args: string[]): string;
  write(name: string, text: string): void;
  read(name: string): string;
  begin(options?: { tellsAgent?: boolean; run?: string }): Sidecar;
  /** Everything in the journals. */
  events(): Event[];
  drifts(): FoundDrift[];
};

export type Sidecar = {
  readonly run: string;
  readonly said: string[];
  readonly notices: string[];
  readonly told: string[];
  open(session: string, how?: 'new' | 'load'): void;
  /** A whole turn: the prompt, which waits, then the files that the agent reads and edits in it. */
  turn(session: string, work?: () => readonly Claimed[]): Promise<string | undefined>;
  close(): Promise<void>;
};

type Claimed = readonly ['read' | 'write', string];

export function openDrifting(): Drifting {
  const { root, env, git: run, context } = openRepository({ name: 'it' });
  const real = { ...env, PATH: process.env.PATH ?? '' };
  const git = (...args: string[]) => {
    const { status, said } = run(...args);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${said}`);
    return said.trim();
  };
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  for (const name of ['f', 'g', 'h']) write(name, '1\n');
  git('add', '.');
  git('commit', '-qm', 'one');
  git('switch', '-qc', 'topic');
  write('f', '2\n');
  git('commit', '-qam', 'two');
  const home = () => openStateHome(env);
  const events = () => readEvents(home());
  return {
    ...{ root, env: real, context, git, write, events },
    read: (name) => readFileSync(join(root, name), 'utf8'),
    begin: (options = {}) => beginSidecar(root, real, options),
    drifts: () => events().flatMap((it) => (it.type === 'drift-found' ? [it.found] : [])),
  };
}

function beginSidecar(
  root: string,
  env: Record<string, string>,
  { tellsAgent = false, run = mintUlid(Date.now()) }: { tellsAgent?: boolean; run?: string },
): Sidecar {
  const home = openStateHome(env);
  const clock = openClock();
  const said: string[] = [];
  const notices: string[] = [];
  const told: string[] = [];
  const desk = openDesk(root, {
    ...{ home, clock, writer: run, restart: undefined },
    run: { pid: process.pid, clew: '0', command: ['agent'], platform: 'linux', node: '20', run },
    ...{ redact: (event: Event) => event, say: (text: string) => void said.push(text) },
    ...{ wrote: () => undefined, opened: () => undefined },
    farewell: () => ({ reason: 'editor-left' }),
  });
  const drift: OwnDrift = openOwnDrift({
    ...{ env, home: () => home, run, tellsAgent, writerOf: () => run, rootOf: () => root },
    mint: () => mintUlid(clock.now()),
    redact: (event) => event,
    write: (note) => desk.append(note),
    writeAt: (_, event) => desk.append({ event }),
    acknowledge: () => desk.acknowledge(),
    inject: (line) => void notices.push(line),
    toldAgent: (_, text) => void told.push(text),
    complain: (doing, error) => void said.push(`${doing} failed: ${String(error)}`),
    say: (text) => void said.push(text),
  });
  let turns = 0;
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await drift.close();
    await desk.close();
  };
  onTestFinished(close);

  function tell(session: string, event: Event): void {
    desk.append({ session, event });
    drift.watch({ session, event });
  }

  const connected = {
    type: 'agent-connected',
    protocol: 2,
    files: false,
    terminals: false,
  } as const;
  drift.watch({ event: connected });
  return {
    ...{ run, said, notices, told, close },
    open: (session, how = 'new') =>
      tell(session, { type: 'session-opened', how, agentSession: `agent-${session}`, cwd: root }),
    async turn(session, work = () => []) {
      turns += 1;
      const [turn, step] = [`${run}T${turns}`, `${run}S${turns}`];
      tell(session, { type: 'turn-started', turn, origin: 'prompt', prompt: 'p' });
      const owed = await drift.beforePrompt((text) => text);
      const claims = work().map(([operation, path]) => ({
        ...{ path: join(root, path), operation, source: 'location' as const },
      }));
      tell(session, { type: 'files-claimed', turn, step, claims });
      tell(session, { type: 'step-ended', step, outcome: 'completed', afterMs: 1 });
      tell(session, { type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 1 });
      return owed;
    },
  };
}

/** As a command asks, in a process of its own. */
export function openAsked({ root, env }: Drifting): Context {
  const context = openContext({ folder: root, env });
  onTestFinished(() => context.close());
  return context;
}
