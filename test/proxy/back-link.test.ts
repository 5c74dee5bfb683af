/** The front thread's end of the port: how long it waits for the back thread to finish. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openBackLink } from '../../src/proxy/back-link.ts';

const entry = pathToFileURL(resolve(import.meta.dirname, 'programs/slow-back.mjs'));
const options = {
  run: 'run',
  command: ['agent'],
  lineLimitBytes: 1 << 20,
  copiesBase: false,
  guardsAny: false,
  tellsAgent: false,
  resumes: false,
  stale: 'warn',
} as const;
const notes = 200;

/** What the back thread could say before it was not waited for any more. */
async function closeAfterBurst(label: string, isHurried: boolean): Promise<string[]> {
  const said: string[] = [];
  let hear = () => {};
  const isReady = new Promise<void>((done) => {
    hear = done;
  });
  const say = (text: string) => (text === 'ready' ? hear() : said.push(text));
  const ports = { inject: () => {}, lost: () => {}, say };
  const patience = { quietMs: 500, startMs: 60_000, limitMs: 60_000 };
  const link = openBackLink(entry, { ...options, label }, ports, patience);
  if (label !== 'late') await isReady;
  for (let i = 0; i < notes; i += 1) link.note('agent', Buffer.from(`{"note":${i}}\n`));
  await link.close({ reason: 'editor-left' }, () => isHurried);
  return said;
}

test('is waited for while it reads on, though that takes several times as long as silence may', async () => {
  expect(await closeAfterBurst('slow', false)).toEqual([`${notes + 1} read`]);
});

test('is waited for while it has yet to start, since all that happened is still to be written', async () => {
  expect(await closeAfterBurst('late', false)).toEqual([`${notes + 1} read`]);
});

test('is waited for while it closes one room after the other', async () => {
  expect(await closeAfterBurst('leaving', false)).toEqual([`${notes + 1} read`]);
});

const late = 'the end of this run is not recorded: the recorder did not finish in time';

test('is not waited for when it has fallen silent, and that is said', async () => {
  expect(await closeAfterBurst('stuck', false)).toEqual([late]);
});

test('is not waited for when somebody is in a hurry, and that is said', async () => {
  expect(await closeAfterBurst('slow', true)).toEqual([late]);
});

test('is started again when it dies at the end, and hears the farewell once more', async () => {
  const [first, ...others] = await closeAfterBurst('dies once', false);
  expect(first).toBe('the recorder failed (at the end) and was started again');
  expect(others).toEqual(['1 read']);
});

test('is not waited for when it dies again and again', async () => {
  const said = await closeAfterBurst('dies', false);
  expect(said.at(-1)).toBe(
    'recording stopped: the recorder keeps failing (at the end); forwarding goes on',
  );
});
