/** Edits that are based on an older version, met by the built program between a scripted agent and a real client. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Person, type ServingEditor, serveFiles, serves } from './serving-editor.ts';
import { openStage, type SidecarOptions, type Stage } from './stage.ts';
import { commitAll, eventsOf, openTalk, type Talk } from './talk.ts';

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

async function open(
  stage: Stage,
  turns: readonly (readonly object[])[],
  extra: SidecarOptions & { person?: Person; agent?: object; capabilities?: object } = {},
): Promise<Played> {
  const { person, agent, ...rest } = extra;
  const script = { turns, protocol: 1, ...(agent && { agent }) };
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
/** What the agent was told of its write. */
const toldAgent = (talk: Talk) =>
  talk.editor.lines().find((it) => it.includes('"status":"failed"')) ?? '';

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
  });
});
