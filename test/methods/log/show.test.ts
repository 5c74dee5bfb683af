/** log/show: a session, a turn or a step in full, by any part of its id that names it alone. */
import { expect, test } from 'vitest';
import { ask, asTold, openAt, recordWorkspace } from '../recorded.ts';
import { sessions, smallStory, steps, turns } from '../small-story.ts';

test('log/show answers with a turn', async () => {
  const recorded = recordWorkspace(smallStory);
  const { session, ...shown } = await ask(openAt(recorded), 'log/show', { id: turns[0] });
  expect(session.id).toBe(sessions[0]);
  expect(asTold(recorded, shown)).toMatchInlineSnapshot(`
    {
      "kind": "turn",
      "plan": [
        {
          "content": "read",
          "status": "completed",
        },
        {
          "content": "write",
          "status": "pending",
        },
      ],
      "problems": [
        "1 line (40 bytes) from the agent went by unrecorded",
      ],
      "prompt": "rename the parser
    please",
      "steps": [
        {
          "call": "c1",
          "claims": [
            {
              "added": 2,
              "operation": "modify",
              "path": "/w/src/a.ts",
              "removed": 1,
              "source": "diff",
            },
          ],
          "durationMs": 1500,
          "exitCode": 0,
          "id": "01K5A0000000000000000STEP1",
          "kind": "tool",
          "output": {
            "bytes": 2,
            "sha256": "aa",
            "text": "ok",
          },
          "session": "01K5A00000000000000SESSON1",
          "startedAt": 1790000005000,
          "state": "completed",
          "title": "Edit a.ts",
          "toolKind": "edit",
          "toolName": "apply_patch",
          "turn": "01K5A0000000000000000TVRN1",
        },
        {
          "choice": "yes",
          "claims": [],
          "durationMs": 900,
          "id": "01K5A0000000000000000STEP2",
          "kind": "permission",
          "on": "01K5A0000000000000000STEP1",
          "session": "01K5A00000000000000SESSON1",
          "startedAt": 1790000007000,
          "state": "allowed",
          "title": "Edit a.ts?",
          "turn": "01K5A0000000000000000TVRN1",
        },
        {
          "claims": [],
          "durationMs": 20,
          "id": "M1",
          "kind": "message",
          "role": "agent",
          "session": "01K5A00000000000000SESSON1",
          "startedAt": 1790000010000,
          "state": "completed",
          "text": "Done: it is renamed.",
          "turn": "01K5A0000000000000000TVRN1",
        },
      ],
      "turn": {
        "branch": "main",
        "durationMs": 5000,
        "failed": 0,
        "files": [
          "src/a.ts",
        ],
        "id": "01K5A0000000000000000TVRN1",
        "n": 1,
        "origin": "prompt",
        "outcome": "end_turn",
        "prompt": "rename the parser",
        "session": "01K5A00000000000000SESSON1",
        "startedAt": 1790000004000,
        "state": "ended",
        "steps": 3,
        "tools": 1,
        "usage": {
          "input": 100,
          "output": 20,
        },
      },
    }
  `);
});

test.each([
  [sessions[0], 'session', sessions[0]],
  ['esson1', 'session', sessions[0]],
  ['thread-2', 'session', sessions[1]],
  ['@last', 'session', sessions[1]],
  ['@session~1', 'session', sessions[0]],
  ['@last-turn', 'turn', turns[1]],
  ['@turn~1', 'turn', turns[0]],
  ['@step', 'step', 'T2'],
  ['tvrn1', 'turn', turns[0]],
  ['STEP1', 'step', steps[0]],
])('%s is the %s %s', async (id, kind, wanted) => {
  const shown = await ask(openAt(recordWorkspace(smallStory)), 'log/show', { id });
  const found = { session: shown.session.id, turn: shown.turn?.id, step: shown.steps[0]?.id };
  expect([shown.kind, found[shown.kind]]).toEqual([kind, wanted]);
});

test('a session has all its steps and its plan', async () => {
  const {
    steps: all,
    plan,
    problems,
  } = await ask(openAt(recordWorkspace(smallStory)), 'log/show', {
    id: sessions[0],
  });
  expect(all.map((it) => [it.kind, it.state])).toEqual([
    ['tool', 'completed'],
    ['permission', 'allowed'],
    ['message', 'completed'],
  ]);
  expect(plan?.map((it) => it.content)).toEqual(['read', 'write']);
  expect(problems).toEqual(['1 line (40 bytes) from the agent went by unrecorded']);
});

test('what nobody ended is interrupted once nobody runs', async () => {
  const shown = await ask(openAt(recordWorkspace(smallStory)), 'log/show', { id: '@last' });
  expect(shown.session.state).toBe('interrupted');
  expect(shown.session.turns.map((it) => it.state)).toEqual(['interrupted']);
  expect(shown.steps.map((it) => it.state)).toEqual(['interrupted']);
});

test('an end that several ids have is refused with those ids', async () => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'log/show', { id: 'VRN1' });
  await expect(asked).resolves.toMatchObject({ kind: 'turn' });
  const twice = smallStory.map((it) => ({ ...it, writer: `${it.writer}X` }));
  const recorded = recordWorkspace([...smallStory, ...twice]);
  const ambiguous = ask(openAt(recorded), 'log/show', { id: turns[0] });
  await expect(ambiguous).rejects.toMatchObject({
    code: 'ambiguous-id',
    data: {
      candidates: [
        { kind: 'turn', id: turns[0] },
        { kind: 'turn', id: turns[0] },
      ],
    },
  });
});

test.each([['%'], ['_____'], ['zzzzzz'], ["'; DROP TABLE turns; --"], ['@first']])(
  '%s is nobody',
  async (id) => {
    const asked = ask(openAt(recordWorkspace(smallStory)), 'log/show', { id });
    await expect(asked).rejects.toMatchObject({ code: 'unknown-id', data: { id } });
  },
);

test('log/show refuses to show nothing', async () => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'log/show', {} as never);
  await expect(asked).rejects.toMatchObject({ code: 'invalid-params', message: 'id is missing' });
});
