/** log/query: what is listed, by what it can be narrowed, and how wrong questions are refused. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, asTold, openAt, recordWorkspace } from '../recorded.ts';
import { beganAt, sessions, smallStory, turns } from '../small-story.ts';

test('log/query answers', async () => {
  const recorded = recordWorkspace(smallStory);
  const { sessions: found, more } = await ask(openAt(recorded), 'log/query', {});
  expect(more).toBe(false);
  expect(asTold(recorded, found)).toMatchInlineSnapshot(`
    [
      {
        "agent": "codex-acp",
        "agentSession": "thread-2",
        "agentVersion": "2.6",
        "branch": "main",
        "client": "zed",
        "cwd": "/w",
        "how": "new",
        "id": "01K5A00000000000000SESSON2",
        "label": "zed",
        "lastAt": 1790000020000,
        "startedAt": 1790000018000,
        "state": "interrupted",
        "turnCount": 1,
        "turns": [
          {
            "branch": "main",
            "failed": 0,
            "files": [],
            "id": "01K5A0000000000000000TVRN2",
            "n": 1,
            "origin": "prompt",
            "prompt": "now the tests",
            "session": "01K5A00000000000000SESSON2",
            "startedAt": 1790000019000,
            "state": "interrupted",
            "steps": 1,
            "tools": 0,
          },
        ],
      },
      {
        "agent": "codex-acp",
        "agentSession": "thread-1",
        "agentVersion": "2.6",
        "branch": "main",
        "client": "zed",
        "cost": {
          "amount": 0.25,
          "currency": "USD",
        },
        "cwd": "/w",
        "how": "new",
        "id": "01K5A00000000000000SESSON1",
        "label": "zed",
        "lastAt": 1790000017000,
        "model": "gpt",
        "startedAt": 1790000002000,
        "state": "ended",
        "title": "Rename the parser",
        "turnCount": 1,
        "turns": [
          {
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
        ],
        "usage": {
          "input": 100,
          "output": 20,
        },
      },
    ]
  `);
});

test.each([
  [{ limit: 1 }, [turns[1]]],
  [{ session: 'SESSON1' }, [turns[0]]],
  [{ session: 'sesson2' }, [turns[1]]],
  [{ session: '@last' }, [turns[1]]],
  [{ session: 'thread-1' }, [turns[0]]],
  [{ agent: 'CODEX' }, [turns[1], turns[0]]],
  [{ agent: 'gemini' }, []],
  [{ since: beganAt + 10_000 }, [turns[1]]],
  [{ until: beganAt + 10_000 }, [turns[0]]],
  [{ grep: 'parser renamed' }, [turns[0]]],
  [{ grep: 'nothing' }, []],
  [{ path: 'src' }, [turns[0]]],
  [{ path: './src/a.ts' }, [turns[0]]],
  [{ path: 'src/a' }, []],
  [{ path: 'src', grep: 'tests' }, []],
])('%j lists %j', async (params, wanted) => {
  const recorded = recordWorkspace(smallStory);
  const { sessions: found } = await ask(openAt(recorded), 'log/query', params);
  expect(found.flatMap((it) => it.turns.map((turn) => turn.id))).toEqual(wanted);
});

test('a path may be absolute', async () => {
  const recorded = recordWorkspace(smallStory);
  const params = { path: join(recorded.root, 'src') };
  const { sessions: found } = await ask(openAt(recorded), 'log/query', params);
  expect(found.map((it) => it.id)).toEqual([sessions[0]]);
});

test.each([
  [{ limit: 0 }, 'invalid-params', { field: 'limit' }],
  [{ limit: 'many' }, 'invalid-params', { field: 'limit' }],
  [{ sesion: 'x' }, 'invalid-params', { field: 'sesion' }],
  [{ grep: '=> {' }, 'invalid-params', { field: 'grep' }],
  [[], 'invalid-params', { field: '' }],
  [{ session: 'nobody' }, 'unknown-id', { id: 'nobody' }],
  [{ session: '1' }, 'unknown-id', { id: '1' }],
  [{ session: turns[0] }, 'unknown-id', { id: turns[0] }],
])('%j is refused as %s', async (params, code, data) => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'log/query', params as never);
  await expect(asked).rejects.toMatchObject({ code, data, hint: expect.any(String) });
});
