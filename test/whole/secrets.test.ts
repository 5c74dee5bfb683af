/** Secrets that pass through the sidecar, planted wherever traffic can carry one: none is kept (S16). */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Canary, canaries, formsOf, plant } from '../secrets/canaries.ts';
import { openEditor } from './editor.ts';
import { readEvents } from './journals.ts';
import { clew, openStage, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const agent = resolve(import.meta.dirname, '../fixtures/scripted-agent.mjs');
const offersFiles = { fs: { readTextFile: true, writeTextFile: true } };

/** Everything that an agent can say, with the canary in it. */
function turnWith(canary: Canary, at: number): object[] {
  const text = textOf(canary);
  const value = plant(canary, canary.value ?? { note: text });
  const name = `file-${at}.txt`;
  const call = { toolCallId: `own-${at}`, title: text, kind: 'other' };
  const content = [
    { type: 'content', content: { type: 'text', text } },
    { type: 'diff', path: `/repo/${name}`, oldText: text, newText: `${text} once more` },
  ];
  return [
    { think: text, pieces: 1 },
    { say: text, pieces: 3 },
    { plan: [{ content: text, status: 'pending', priority: 'high' }] },
    { edit: name, text },
    { read: name },
    { shell: `cat ${name}` },
    { update: { sessionUpdate: 'tool_call', ...call, rawInput: value } },
    {
      update: {
        sessionUpdate: 'tool_call_update',
        toolCallId: call.toolCallId,
        status: 'completed',
        content,
        rawOutput: { text, value },
      },
    },
    { title: text },
    { update: { sessionUpdate: 'never_heard_of', value, text } },
    { notify: { method: '_somebody/said', params: { value, text } } },
    { raw: text.replaceAll('\n', ' ') },
    { fail: { code: -32000, message: text } },
  ];
}

const textOf = (canary: Canary) =>
  plant(canary, canary.text ?? `value: ${JSON.stringify(canary.value)}`);

function environmentOf(): Record<string, string> {
  return Object.assign({}, ...canaries.map((it) => plant(it, it.environment ?? {})));
}

/** A file for each canary that has one in its name, to be asked for by the agent. */
function fileNames(): object[] {
  return canaries
    .filter((it) => it.context === 'file name')
    .map((it) => ({ read: `/repo/${it.secret.join('')}/notes.txt` }));
}

async function passSecrets(stage: Stage): Promise<string> {
  const script = join(stage.folder, 'script.json');
  const turns = [...canaries.map(turnWith), fileNames()];
  writeFileSync(script, JSON.stringify({ turns }));
  const running = stage.sidecar([process.execPath, agent, `@${script}`], { env: environmentOf() });
  const editor = openEditor(running, stage.workspace);
  serveFiles(running.process.stdout, editor);
  const sessionId = await editor.greet(offersFiles);
  for (const [at, canary] of [...canaries.entries(), [canaries.length, undefined] as const]) {
    const text = canary === undefined ? 'Read these files.' : textOf(canary);
    editor.ask(String(at), 'session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
    await editor.answer(String(at));
  }
  editor.leave();
  await within('the end', running.ended);
  return running.stderr();
}

/** Answers every request of the agent: there is nothing to read, and writing works. */
function serveFiles(output: NodeJS.ReadableStream, editor: ReturnType<typeof openEditor>): void {
  let seen = 0;
  output.on('data', () => {
    const lines = editor.lines();
    for (const line of lines.slice(seen)) {
      const asked = /^\{"jsonrpc":"2.0","id":(\d+),"method":"fs\/(\w+)"/.exec(line);
      if (asked === null) continue;
      const result = asked[2]?.startsWith('read') ? { content: 'x' } : {};
      editor.say(JSON.stringify({ jsonrpc: '2.0', id: Number(asked[1]), result }));
    }
    seen = lines.length;
  });
}

/** Everything that is on the disk under a folder, file names too. */
function readAll(folder: string): { name: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

test('none of the planted secrets is in journal, database, logs or what is said, and nobody else can look', async () => {
  await using stage = openStage();
  const stderr = await passSecrets(stage);
  const asked = stage.start([process.execPath, clew, 'show', '@last', '--json']);
  let shown = '';
  asked.process.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  await within('clew show', asked.ended);
  await until('an index', () => readAll(stage.home).some(({ name }) => name.endsWith('index.db')));

  const events = readEvents(stage.home);
  expect(events.filter((it) => it.type === 'turn-ended')).toHaveLength(canaries.length + 1);
  const kept = [
    ...readAll(stage.home),
    { name: 'stderr', bytes: Buffer.from(stderr) },
    { name: 'clew show', bytes: Buffer.from(shown) },
  ];
  const leaks = canaries.flatMap((canary) =>
    formsOf(canary).flatMap((form) =>
      kept
        .filter(({ bytes }) => bytes.includes(form))
        .map(({ name, bytes }) => {
          const at = bytes.indexOf(form);
          const around = bytes.subarray(Math.max(0, at - 120), at + 60).toString();
          return `${canary.kind} in ${canary.context}: ${name}: ${around}`;
        }),
    ),
  );
  expect(leaks).toEqual([]);
  expect(readOpen(stage.home)).toEqual([]);
});

/** What others on this machine could read or enter, if they came so far. */
function readOpen(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => (statSync(join(folder, name)).mode & 0o077) !== 0,
  );
}
