/** The guard over all recorded conversations: undisturbed it never speaks, and disturbed it says what the table says. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StalePolicy } from '../../src/guard/stale-policies.ts';
import { makeFolder } from '../scratch.ts';
import { openGatedTalk } from './gated-talk.ts';
import { type Moment, makeDemo, playRecording } from './recorded-world.ts';

const recordings = readdirSync(resolve(import.meta.dirname, '../acp/cases')).filter((it) =>
  it.endsWith('.jsonl'),
);

async function play(
  name: string,
  policy: StalePolicy,
  meddle?: (root: string) => (it: Moment) => void,
) {
  const folder = makeFolder();
  const root = join(folder, 'work');
  mkdirSync(root);
  makeDemo(root);
  const talk = openGatedTalk(root, join(folder, 'home'), policy);
  try {
    const played = await playRecording(name, root, talk, meddle && { meddle: meddle(root) });
    return { root, ...played, events: [...talk.events], said: [...talk.said] };
  } finally {
    await talk.close();
  }
}

test('there are recordings', () => {
  expect(recordings.length).toBeGreaterThanOrEqual(32);
});

test.each(recordings)('%s: no refusal, no question, no alert', async (name) => {
  const { stopped, events } = await play(name, 'refuse');
  expect(stopped).toEqual([]);
  const types = events.map(({ type }) => type);
  expect(types.filter((it) => /stale|overwritten/.test(it))).toEqual([]);
  // That it says nothing means something: it was asked, and there were checkpoints to look at.
  if (types.includes('turn-started')) expect(types).toContain('checkpoint-taken');
});

/** What a person adds while an agent is at it. */
const mine = '// typed by a person\n';

type When = 'asked' | 'writes';

/** `asked`: while the question for an edit is open. `writes`: when the agent is just about to write. */
function typeWhen(when: When, typed: { path?: string }): (root: string) => (it: Moment) => void {
  return (root) => {
    let open: { id: unknown; path: string } | undefined;
    const type = (path: string) => {
      if (typed.path !== undefined || !existsSync(path)) return;
      typed.path = path;
      appendFileSync(path, mine);
    };
    return ({ from, message }) => {
      const { method, id } = message;
      const asked = from === 'agent' ? readAsked(message) : undefined;
      if (asked !== undefined) open = { id, path: asked };
      else if (from === 'editor' && method === undefined && open?.id === id && open !== undefined) {
        if (when === 'asked') type(open.path);
        open = undefined;
      } else if (when === 'writes') typeBeforeWrite(message, type, root);
    };
  };
}

/** The file that an agent asks to edit. */
function readAsked({ method, params = {} }: Moment['message']): string | undefined {
  if (method !== 'session/request_permission') return undefined;
  const call = params['toolCall'] as { kind?: string; locations?: { path: string }[] };
  return call.kind === 'edit' ? call.locations?.[0]?.path : undefined;
}

function typeBeforeWrite(
  { method, params = {} }: Moment['message'],
  type: (path: string) => void,
  root: string,
) {
  if (method === 'fs/write_text_file') type(String(params['path']));
  const update = params['update'] as { status?: string; content?: Shown[] } | undefined;
  if (update?.status !== 'completed') return;
  for (const it of update.content ?? [])
    if (it.type === 'diff' && it.path !== undefined) type(resolve(root, it.path));
}

type Shown = { readonly type: string; readonly path?: string };

const races: readonly (readonly [name: string, when: When])[] = [
  ['claude-agent-acp-basic', 'asked'],
  ['codex-acp-perm-allow', 'asked'],
  ['gemini-cli-auto-edit', 'writes'],
  ['gemini-cli-basic', 'asked'],
  ['gemini-cli-basic', 'writes'],
  ['gemini-cli-nofs', 'asked'],
  ['opencode-basic', 'writes'],
  ['opencode-perm-allow', 'asked'],
  ['opencode-perm-allow', 'writes'],
  ['qwen-code-basic', 'writes'],
];
const policies = ['refuse', 'ask', 'warn', 'off'] as const;
/** Where nothing is found stale, no policy is asked, and one of them tells for all. */
const unasked: ReadonlySet<string> = new Set([
  'claude-agent-acp-basic asked',
  'codex-acp-perm-allow asked',
  'gemini-cli-basic asked',
  'gemini-cli-nofs asked',
  'opencode-basic writes',
]);
const table = races.flatMap(([name, when]) =>
  (unasked.has(`${name} ${when}`) ? (['refuse'] as const) : policies).map(
    (policy) => [name, when, policy] as const,
  ),
);

type Row = {
  readonly agent: string;
  readonly typed: When;
  readonly policy: StalePolicy;
  /** The gate that stopped it, and how. */
  readonly stopped: string;
  readonly agentSaw: string;
  readonly editorSaw: string;
  readonly line: 'kept' | 'lost';
  readonly alerts: number;
};

async function race(name: string, when: When, policy: StalePolicy): Promise<Row> {
  const typed: { path?: string } = {};
  const { stopped, events } = await play(`${name}.jsonl`, policy, typeWhen(when, typed));
  const [found] = events.filter((it) => it.type === 'stale-edit-found');
  const [first] = stopped;
  const saw = tellStopped(first?.gate, first?.verdict, found?.verdict);
  return {
    agent: name,
    typed: when,
    policy,
    stopped: first === undefined ? '-' : `${found?.gate}: ${found?.verdict}`,
    ...saw,
    line: readFileSync(typed.path ?? '', 'utf8').includes(mine.trimEnd()) ? 'kept' : 'lost',
    alerts: events.filter((it) => it.type === 'lines-overwritten').length,
  };
}

function tellStopped(
  gate: string | undefined,
  verdict: string | undefined,
  found: string | undefined,
): Pick<Row, 'agentSaw' | 'editorSaw'> {
  if (gate === undefined)
    return found === 'warned'
      ? { agentSaw: 'success', editorSaw: 'the edit, and a notice' }
      : { agentSaw: 'success', editorSaw: 'the edit' };
  if (verdict === 'ask')
    return { agentSaw: 'nothing yet', editorSaw: 'a question: overwrite, refuse, or merge' };
  if (gate === 'fs/write_text_file')
    return { agentSaw: 'error CONFLICT: read the file again', editorSaw: 'no write' };
  return { agentSaw: 'the answer no', editorSaw: 'its question, answered yes' };
}

describe('a person types while an agent edits the same file', () => {
  const golden = resolve(import.meta.dirname, 'cases/races.json');
  const isUpdate = process.env['CLEW_UPDATE_GOLDEN'] === '1';
  const wanted = isUpdate && !existsSync(golden) ? [] : readRows();
  const rows: Row[] = [];

  function readRows(): Row[] {
    return JSON.parse(readFileSync(golden, 'utf8')) as Row[];
  }

  test.each(table)('%s, when it %s, %s', async (name, when, policy) => {
    const row = await race(name, when, policy);
    rows.push(row);
    // Whatever else happens: a line that is gone is told of.
    expect(row.line === 'lost' ? row.alerts : 0).toBe(row.line === 'lost' ? 1 : 0);
    const is = ({ agent, typed, policy: other }: Row) =>
      agent === name && typed === when && other === policy;
    if (unasked.has(`${name} ${when}`)) expect(row.stopped).toBe('-');
    if (!isUpdate) expect(row).toEqual(wanted.find(is));
  });

  test('all of the table is played', () => {
    if (isUpdate) writeFileSync(golden, `${JSON.stringify(rows, null, 2)}\n`);
    expect(readRows()).toHaveLength(table.length);
  });
});
