/** Edits that are based on an older version, met by the built program between a scripted agent and a real client. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameText } from '../../src/methods/name-text.ts';
import {
  type Person,
  type Served,
  type ServingEditor,
  serveFiles,
  serves,
} from './serving-editor.ts';
import { openStage, type SidecarOptions, type Stage } from './stage.ts';
import { commitAll, eventsOf, foundEvent, openTalk, runClew, type Talk, undo } from './talk.ts';

const start = 'one\ntwo\nthree\n';
const byAgent = 'ONE\ntwo\nthree\n';

type Played = { readonly stage: Stage; readonly talk: Talk; readonly editor: ServingEditor };

function openFilled(): Stage {
  const stage = openStage();
  writeFileSync(join(stage.workspace, 'a.txt'), start);
  commitAll(stage.workspace);
  return stage;
}

const file = (stage: Stage) => join(stage.workspace, 'a.txt');
const textOf = (stage: Stage) => readFileSync(file(stage), 'utf8');
const typeIn = (stage: Stage) => appendFileSync(file(stage), 'by a person\n');

type Scene = {
  person?: Person;
  agent?: object;
  capabilities?: object;
  sessionIds?: readonly string[];
};

async function open(
  stage: Stage,
  turns: readonly (readonly object[])[],
  extra: SidecarOptions & Scene = {},
): Promise<Played> {
  const { person, agent, sessionIds, ...rest } = extra;
  const script = { turns, protocol: 1, ...(agent && { agent }), ...(sessionIds && { sessionIds }) };
  let editor: ServingEditor | undefined;
  const talk = await openTalk(stage, script, {
    capabilities: serves,
    ...rest,
    started: (running) => {
      editor = serveFiles(running, person);
    },
  });
  if (editor === undefined) throw new Error('nobody serves');
  return { stage, talk, editor };
}

const readThenWrite = [[{ read: 'a.txt' }], [{ rewrite: 'a.txt', text: byAgent }]];
const policy = (word: string) => ({ options: ['--stale', word] });
/** What the agent was told of its write. */
const toldAgent = (talk: Talk) =>
  talk.editor.lines().find((it) => it.includes('"status":"failed"')) ?? '';
const isOurs = ({ id }: Served) => String(id).startsWith('clew:');

describe('a write through the editor over what somebody else wrote since', () => {
  test('is refused: the editor never hears of it, and the agent is told to read again', async () => {
    await using stage = openFilled();
    const { talk, editor } = await open(stage, readThenWrite);
    await talk.take();
    typeIn(stage);
    await talk.take();
    await talk.leave();
    expect(textOf(stage)).toBe(`${start}by a person\n`);
    expect(editor.asks('fs/write_text_file')).toEqual([]);
    expect(toldAgent(talk)).toMatch(
      /conflict: .*a\.txt was changed by somebody else since you read it .*read the file again/,
    );
    const [found, ...more] = eventsOf(stage, 'stale-edit-found');
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      path: 'a.txt',
      gate: 'write',
      verdict: 'refused',
      seen: { how: 'wire' },
      lost: [{ line: 4, count: 1 }],
      revived: 0,
    });
    expect(eventsOf(stage, 'file-written')).toMatchObject([{ problem: { code: -32040 } }]);
    expect(eventsOf(stage, 'lines-overwritten')).toEqual([]);
    const log = await runClew(stage, ['log']);
    expect(log.stdout).toMatch(/done, 1 stale/);
    const shown = await runClew(stage, ['show', '@last']);
    expect(shown.stdout).toContain('an edit of a.txt was based on an older version: refused');
  });

  test('is refused when the read was in an earlier run', async () => {
    await using stage = openFilled();
    const sessionIds = ['a-session-of-long-name'];
    const first = await open(stage, [[{ read: 'a.txt' }]], { sessionIds });
    await first.talk.take();
    await first.talk.leave();
    typeIn(stage);
    const again = await open(stage, [[{ rewrite: 'a.txt', text: byAgent }]], { sessionIds });
    await again.talk.take();
    await again.talk.leave();
    expect(textOf(stage)).toBe(`${start}by a person\n`);
    expect(eventsOf(stage, 'stale-edit-found')).toMatchObject([{ verdict: 'refused' }]);
  });

  test('goes on when the agent has read it again, or keeps what was written', async () => {
    await using stage = openFilled();
    const kept = `${byAgent}by a person\n`;
    const { talk, editor } = await open(stage, [
      [{ read: 'a.txt' }],
      [{ rewrite: 'a.txt', text: kept }],
      [{ read: 'a.txt' }, { rewrite: 'a.txt', text: byAgent }],
    ]);
    await talk.take();
    typeIn(stage);
    await talk.take();
    expect(textOf(stage)).toBe(kept);
    await talk.take();
    await talk.leave();
    expect(textOf(stage)).toBe(byAgent);
    expect(editor.asks('fs/write_text_file')).toHaveLength(2);
    expect(eventsOf(stage, 'stale-edit-found')).toEqual([]);
    expect(eventsOf(stage, 'lines-overwritten')).toEqual([]);
  });

  test('is no such thing over what the agent did itself, by the editor or by a command', async () => {
    await using stage = openFilled();
    const { talk } = await open(stage, [
      [
        { read: 'a.txt' },
        { rewrite: 'a.txt', text: 'own\n' },
        { rewrite: 'a.txt', text: 'own again\n' },
        { shell: 'echo by command > a.txt' },
        { rewrite: 'a.txt', text: 'own at last\n' },
      ],
    ]);
    await talk.take();
    await talk.leave();
    expect(textOf(stage)).toBe('own at last\n');
    expect(eventsOf(stage, 'stale-edit-found')).toEqual([]);
    expect(eventsOf(stage, 'lines-overwritten')).toEqual([]);
  });

  test('is no such thing when the same text is there already', async () => {
    await using stage = openFilled();
    const { talk, editor } = await open(stage, readThenWrite);
    await talk.take();
    writeFileSync(file(stage), byAgent);
    await talk.take();
    await talk.leave();
    expect(editor.asks('fs/write_text_file')).toHaveLength(1);
    expect(eventsOf(stage, 'stale-edit-found')).toEqual([]);
  });

  test('is let through and told, where that is the policy; the lines can be had back', async () => {
    await using stage = openFilled();
    const capabilities = { ...serves, session: { notices: {} } };
    const { talk } = await open(stage, readThenWrite, { ...policy('warn'), capabilities });
    await talk.take();
    typeIn(stage);
    await talk.take();
    const alert = await foundEvent(stage, 'lines-overwritten');
    await talk.leave();
    expect(textOf(stage)).toBe(byAgent);
    expect(eventsOf(stage, 'stale-edit-found')).toMatchObject([{ verdict: 'warned' }]);
    const notices = talk.editor.lines().filter((it) => it.includes('"notice"'));
    expect(notices.map((it) => JSON.parse(it).params)).toMatchObject([
      { sessionId: talk.session, update: { title: 'a.txt changed since the agent saw it' } },
      { update: { title: 'the agent overwrote a line of somebody else in a.txt' } },
    ]);
    const done = await undo(stage, ['--lost', alert.alert.slice(-6)]);
    expect(done.written).toEqual(['a.txt']);
    expect(textOf(stage)).toBe(`${byAgent}by a person\n`);
  });

  test.each([
    ['--stale', 'off'],
    ['CLEW_STALE', 'off'],
  ])('is nobody\u2019s business with %s %s', async (name, word) => {
    await using stage = openFilled();
    const extra = name === '--stale' ? policy(word) : { env: { [name]: word } };
    const { talk } = await open(stage, readThenWrite, extra);
    await talk.take();
    typeIn(stage);
    await talk.take();
    await talk.leave();
    expect(textOf(stage)).toBe(byAgent);
    expect(eventsOf(stage, 'stale-edit-found')).toEqual([]);
  });

  test('is told to a client that asked for clew, with metadata and an error to recover from', async () => {
    await using stage = openFilled();
    const capabilities = { ...serves, _meta: { clew: {} } };
    const { talk } = await open(stage, readThenWrite, { capabilities });
    await talk.take();
    typeIn(stage);
    await talk.take();
    await talk.leave();
    const told = talk.editor.lines().find((it) => it.includes('_clew/context:file-stale')) ?? '{}';
    expect(JSON.parse(told).params).toMatchObject({
      event: 'context:file-stale',
      sessionId: talk.session,
      metadata: { path: 'a.txt', verdict: 'refused', seen: { how: 'wire' } },
      error: { code: -32040, recoverable: true, data: { path: 'a.txt' } },
    });
  });
});

describe('where the person is asked', () => {
  async function askPerson(choice: string | undefined, extra: Partial<Person> = {}) {
    const stage = openFilled();
    const person: Person = { choose: () => choice, ...extra };
    const played = await open(stage, readThenWrite, { ...policy('ask'), person });
    await played.talk.take();
    typeIn(stage);
    await played.talk.take();
    await played.talk.leave();
    return played;
  }

  test.each([
    ['overwrite', byAgent],
    ['merge', `${byAgent}by a person\n`],
    ['refuse', `${start}by a person\n`],
    [undefined, `${start}by a person\n`],
  ])('%s comes out as it says', async (choice, text) => {
    const { stage, talk, editor } = await askPerson(choice);
    await using _ = stage;
    expect(textOf(stage)).toBe(text);
    const [question, ...more] = editor.asks('session/request_permission');
    expect(more).toEqual([]);
    expect(String(question?.id)).toMatch(/^clew:/);
    expect(question?.params.options?.map(({ optionId }) => optionId)).toEqual([
      'merge',
      'overwrite',
      'refuse',
    ]);
    expect(question?.params).toMatchObject({
      toolCall: {
        title: 'a.txt changed after the agent read it: 1 line of somebody else would be lost',
        content: [{ oldText: `${start}by a person\n`, newText: byAgent }],
      },
    });
    const isRefused = text.startsWith(start);
    expect(editor.asks('fs/write_text_file')).toHaveLength(isRefused ? 0 : 1);
    expect(toldAgent(talk).includes('conflict: ')).toBe(isRefused);
    const [found] = eventsOf(stage, 'stale-edit-found');
    expect(found).toMatchObject({ verdict: 'asked', question: question?.id });
    expect(eventsOf(stage, 'stale-edit-settled')).toMatchObject([
      { question: question?.id, choice: choice ?? 'none' },
    ]);
    // The answer was clew's alone, and what the journal says was written is what was written.
    expect(talk.running.stderr()).toBe('');
    expect(eventsOf(stage, 'answer-unmatched')).toEqual([]);
    const [written] = eventsOf(stage, 'file-written');
    const blob = nameText(Buffer.from(isRefused ? byAgent : text).toString('latin1'));
    expect(written).toMatchObject({ blob });
    expect(eventsOf(stage, 'lines-overwritten')).toEqual([]);
  });

  test('a yes to one version is no yes to the next', async () => {
    let stageOf: Stage | undefined;
    const stage = openFilled();
    stageOf = stage;
    await using _ = stage;
    const person: Person = {
      choose() {
        if (stageOf !== undefined) appendFileSync(file(stageOf), 'and meanwhile\n');
        return 'overwrite';
      },
    };
    const { talk } = await open(stage, readThenWrite, { ...policy('ask'), person });
    await talk.take();
    typeIn(stage);
    await talk.take();
    await talk.leave();
    expect(textOf(stage)).toBe(`${start}by a person\nand meanwhile\n`);
    expect(eventsOf(stage, 'stale-edit-settled')).toMatchObject([{ choice: 'refuse' }]);
  });
});

describe('a question for permission', () => {
  const readsOnly = { fs: { readTextFile: true, writeTextFile: false } };
  const asks = (was: string) => [
    [{ read: 'a.txt' }],
    [{ rewrite: 'a.txt', text: byAgent, was, ask: true, itself: true }],
  ];

  test('for an edit of an older version is answered with no, and never reaches the editor', async () => {
    await using stage = openFilled();
    const { talk, editor } = await open(stage, asks(start));
    await talk.take();
    typeIn(stage);
    await talk.take();
    await talk.leave();
    expect(editor.asks('session/request_permission')).toEqual([]);
    expect(textOf(stage)).toBe(`${start}by a person\n`);
    expect(eventsOf(stage, 'permission-answered')).toMatchObject([
      { outcome: 'rejected', choice: 'reject', by: 'clew' },
    ]);
    expect(eventsOf(stage, 'stale-edit-found')).toMatchObject([
      { gate: 'permission', verdict: 'refused' },
    ]);
  });

  test('for a part of the file that is still there goes on', async () => {
    await using stage = openFilled();
    const { talk, editor } = await open(stage, asks('one\n'));
    await talk.take();
    typeIn(stage);
    await talk.take();
    await talk.leave();
    expect(editor.asks('session/request_permission')).toHaveLength(1);
    // What it sends the editor is the whole file, and another matter: whether that is still stale when it
    // is met depends on whether its own hands were faster.
    const met = eventsOf(stage, 'stale-edit-found').filter(({ gate }) => gate !== 'write');
    expect(met).toEqual([]);
  });

  test('under which the person types, of an agent that writes what it showed: the yes becomes a no', async () => {
    await using stage = openFilled();
    const person: Person = {
      choose() {
        typeIn(stage);
        return 'allow';
      },
    };
    const agent = { name: 'OpenCode' };
    const { talk, editor } = await open(stage, asks(start), { person, agent });
    await talk.take();
    await talk.take();
    await talk.leave();
    expect(editor.asks('session/request_permission').filter(isOurs)).toEqual([]);
    expect(textOf(stage)).toBe(`${start}by a person\n`);
    expect(eventsOf(stage, 'stale-edit-found')).toMatchObject([
      { gate: 'answer', verdict: 'refused' },
    ]);
    expect(eventsOf(stage, 'lines-overwritten')).toEqual([]);
  });

  test.each(['merge', 'overwrite', 'refuse'])(
    'under which the person types is asked about once more, and %s counts',
    async (choice) => {
      await using stage = openFilled();
      const person: Person = {
        choose(asked) {
          if (isOurs(asked)) return choice;
          typeIn(stage);
          return 'allow';
        },
      };
      const agent = { name: 'OpenCode' };
      const extra = { ...policy('ask'), person, agent };
      const { talk, editor } = await open(stage, asks(start), extra);
      await talk.take();
      await talk.take();
      await talk.leave();
      const [question] = editor.asks('session/request_permission').filter(isOurs);
      // Nobody can merge into what the agent writes itself.
      expect(question?.params.options?.map(({ optionId }) => optionId)).toEqual([
        'overwrite',
        'refuse',
      ]);
      const isLost = choice === 'overwrite';
      expect(textOf(stage)).toBe(isLost ? byAgent : `${start}by a person\n`);
      expect(eventsOf(stage, 'lines-overwritten')).toEqual([]);
    },
  );

  test('under which the person types, of an agent of which that is not known: an alert, and the line back', async () => {
    await using stage = openFilled();
    const person: Person = {
      choose() {
        typeIn(stage);
        return 'allow';
      },
    };
    const { talk } = await open(stage, asks(start), { person, capabilities: readsOnly });
    await talk.take();
    await talk.take();
    const alert = await foundEvent(stage, 'lines-overwritten');
    await talk.leave();
    expect(textOf(stage)).toBe(byAgent);
    const [turn] = eventsOf(stage, 'turn-ended').slice(-1);
    expect(alert).toMatchObject({
      path: 'a.txt',
      turn: turn?.turn,
      lines: 1,
      lost: [{ line: 4, count: 1 }],
      evidence: 'claimed',
      known: nameText(start),
      before: nameText(`${start}by a person\n`),
      after: nameText(byAgent),
    });
    const word = alert.alert.slice(-6).toLowerCase();
    const shown = await runClew(stage, ['show', '@last']);
    expect(shown.stdout).toContain(
      `1 line of somebody else in a.txt overwritten: \`clew undo --lost ${word}\``,
    );
    const log = await runClew(stage, ['log']);
    expect(log.stdout).toMatch(/done, 1 overwritten/);
    const trial = await runClew(stage, ['undo', '--lost', word, '--dry-run']);
    expect(trial).toMatchObject({ code: 0, stderr: '' });
    expect(textOf(stage)).toBe(byAgent);
    const done = await undo(stage, ['--lost', word]);
    expect(textOf(stage)).toBe(`${byAgent}by a person\n`);
    await undo(stage, [done.undo ?? '']);
    expect(textOf(stage)).toBe(byAgent);
  });
});

describe('what a person saves while the agent thinks, where nobody is asked', () => {
  const gradesOf = async (stage: Stage, path: string) => {
    const told = JSON.parse((await runClew(stage, ['blame', path, '--json'])).stdout) as {
      ranges: { start: number; end: number; grade: string }[];
    };
    return told.ranges.map(({ start: from, end, grade }) => `${from}-${end} ${grade}`);
  };

  test('before a command, is not the command’s, and what overwrites it then is told', async () => {
    await using stage = openFilled();
    writeFileSync(join(stage.workspace, 'b.txt'), 'other\n');
    const person: Person = {
      beforeRead({ params }) {
        if (params.path?.endsWith('b.txt')) typeIn(stage);
      },
    };
    // It speaks well after it has read, and works when it was heard: all at once would tell nothing.
    const heard = join(stage.folder, 'heard');
    const thinks = [{ read: 'b.txt' }, { pause: 300 }, { say: 'on it' }, { await: heard }];
    const { talk } = await open(
      stage,
      [
        [{ read: 'a.txt' }],
        [...thinks, { shell: 'echo by the agent >> b.txt' }],
        [{ rewrite: 'a.txt', text: byAgent }],
      ],
      { person, ...policy('warn') },
    );
    await talk.take();
    const working = talk.begin();
    await foundEvent(stage, 'step-started', ({ kind }) => kind === 'message');
    writeFileSync(heard, '');
    await working.ended();
    expect(await gradesOf(stage, 'a.txt')).toEqual(['1-3 U', '4-4 U']);
    expect(await gradesOf(stage, 'b.txt')).toEqual(['1-1 U', '2-2 X']);
    const [, turn] = eventsOf(stage, 'turn-started');
    const undone = await undo(stage, [turn?.turn ?? '']);
    expect(undone.written).toEqual(['b.txt']);
    expect(textOf(stage)).toBe(`${start}by a person\n`);
    await talk.take();
    const alert = await foundEvent(stage, 'lines-overwritten');
    await talk.leave();
    expect(alert).toMatchObject({ path: 'a.txt', lines: 1, known: nameText(start) });
  });
});

test('who is recording says what it does about stale edits', async () => {
  await using stage = openFilled();
  const { talk } = await open(stage, [[{ say: 'hello' }]], policy('ask'));
  const told = await runClew(stage, ['status']);
  expect(told.stdout).toMatch(/recording +\w+ \(process \d+, since [^)]*, stale edits: ask\)/);
  await talk.leave();
  const refused = await runClew(stage, ['acp', '--stale', 'never', '--', 'true']);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('--stale is no policy: never');
});
