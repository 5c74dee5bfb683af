/** Makes the digest of a session: what was asked, what came of it, and what is open. */
import type { SessionDigest, ShortLayer } from '../contract/types.gen.ts';

/** Lines of a file as it is now, by author, where somebody has counted them. */
export type LinesByAuthor = ReadonlyMap<
  string,
  readonly { readonly author: string; readonly lines: number }[]
>;

const askedLimit = 20;

export function makeDigest(layer: ShortLayer, counted: LinesByAuthor = new Map()): SessionDigest {
  const { session, state, agent, title, branch, head, startedAt, updatedAt, after } = layer;
  const { turns, edited, decisions, commits, tests, alerts, earlier } = layer;
  const sum = (which: 'added' | 'removed') =>
    edited.reduce((total, it) => total + (it[which] ?? 0), 0);
  return {
    session,
    state,
    ...(agent === undefined ? {} : { agent: agent.title ?? agent.name }),
    ...(title === undefined ? {} : { title }),
    ...(branch === undefined ? {} : { branch }),
    ...(head === undefined ? {} : { head }),
    startedAt,
    updatedAt,
    ...(after === undefined ? {} : { after }),
    turns: turns.length + (earlier?.turns ?? 0),
    asked: turns.slice(-askedLimit).map(({ prompt, outcome, said }) => ({
      ...(prompt === undefined ? {} : { prompt }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(said === undefined ? {} : { said }),
    })),
    lines: {
      source: counted.size > 0 ? 'attribution' : 'claims',
      ...{ added: sum('added'), removed: sum('removed') },
    },
    files: edited.map(({ path, added, removed }) => {
      const by = counted.get(path);
      return {
        path,
        ...(added === undefined ? {} : { added }),
        ...(removed === undefined ? {} : { removed }),
        ...(by === undefined ? {} : { by: [...by] }),
      };
    }),
    decisions: decisions.map(({ text, commit }) => ({ text, ...(commit && { commit }) })),
    commits: commits.map(({ commit, message, by }) => ({
      commit,
      ...(message === undefined ? {} : { message }),
      ...(by === undefined ? {} : { by }),
    })),
    ...(layer.tasks === undefined ? {} : { tasks: [...layer.tasks] }),
    tests: tellTests(tests),
    open: listOpen(layer),
    alerts: alerts.map((it) => it.text),
  };
}

function tellTests(tests: ShortLayer['tests']): SessionDigest['tests'] {
  const fresh = tests.filter((it) => it.afterLastEdit);
  return {
    afterLastEdit: fresh.map(({ command, outcome, exitCode }) => ({
      ...{ command, outcome },
      ...(exitCode === undefined ? {} : { exitCode }),
    })),
    before: tests.length - fresh.length,
  };
}

function listOpen({ pending, questions, turns, tree, state }: ShortLayer): SessionDigest['open'] {
  const last = turns.at(-1);
  const cut = last !== undefined && isCut(last.outcome, state);
  const dirty = (tree?.changed ?? 0) + (tree?.missing ?? 0);
  return [
    ...(cut
      ? [{ kind: 'turn' as const, text: `the last turn did not end well: ${last.prompt ?? ''}` }]
      : []),
    ...pending.map(({ text, status }) => {
      const mark = status === 'in_progress' ? ' (begun)' : '';
      return { kind: 'plan' as const, text: `${text}${mark}` };
    }),
    ...questions.map(({ text }) => ({ kind: 'question' as const, text })),
    ...(dirty === 0
      ? []
      : [{ kind: 'tree' as const, text: `${dirty} files are not as in git's index` }]),
  ];
}

/** Of a session that is over, a turn without an end was interrupted. */
function isCut(outcome: string | undefined, state: string): boolean {
  if (outcome === undefined) return state !== 'open';
  return !['end_turn', 'quiet', 'idle', 'unknown'].includes(outcome);
}
