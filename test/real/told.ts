/** What clew tells of a recorded case, brought down to what can be expected of every run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LogQuery, LogShow, SessionCard, StepCard } from '../../src/contract/types.gen.ts';

export type ToldTurn = {
  readonly origin: string;
  readonly outcome: string;
  /** Kind and final state of each tool call. */
  readonly tools: readonly string[];
  /** Answers to permission questions. */
  readonly asked: readonly string[];
  /** Files that the turn claims to have changed, relative to the workspace. */
  readonly files: readonly string[];
};
export type ToldSession = {
  readonly how: string;
  readonly state: string;
  readonly turns: readonly ToldTurn[];
};
/** Sessions in the order in which they began. */
export type Told = { readonly sessions: readonly ToldSession[] };

const run = promisify(execFile);

export async function askClew(main: string, cwd: string, home: string): Promise<Told> {
  const ask = async <T>(...words: readonly string[]): Promise<T> => {
    const env = { ...process.env, CLEW_HOME: home };
    const { stdout } = await run(process.execPath, [main, ...words, '--json'], { cwd, env });
    return JSON.parse(stdout) as T;
  };
  const { sessions } = await ask<LogQuery['result']>('log', '--limit', '1000');
  const told = sessions
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map(async (session) => tell(session, await ask<LogShow['result']>('show', session.id)));
  return { sessions: await Promise.all(told) };
}

function tell(session: SessionCard, { steps }: LogShow['result']): ToldSession {
  return {
    how: session.how,
    state: session.state,
    turns: session.turns
      .toSorted((a, b) => a.n - b.n)
      .map((turn) => {
        const own = steps.filter((it) => it.turn === turn.id);
        return {
          origin: turn.origin,
          outcome: turn.outcome ?? turn.state,
          tools: own.filter((it) => it.kind === 'tool').map(tellTool),
          asked: own.filter((it) => it.kind === 'permission').map((it) => it.state),
          files: turn.files.map(nameOutside).toSorted(),
        };
      }),
  };
}

/** The folder outside the repository has another name in each run. */
const nameOutside = (path: string) => path.replace(/^.*\/outside\//, '$OUTSIDE/');

const tellTool = (step: StepCard) => `${step.toolKind ?? 'other'} ${step.state}`;
