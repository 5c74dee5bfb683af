/** The example in schemas/README.md, checked as another program would write and check it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { listJournals } from '../../src/store/journal-names.ts';
import { takeLease } from '../../src/store/lease.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { makeFolder, readBack, writeJournal } from './make-journal.ts';

const page = readFileSync(new URL('../../schemas/README.md', import.meta.url), 'utf8');
const block = (language: string) =>
  new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';

/** As any host does it: the files as they are, and nothing told beside them. */
const folder = new URL('../../schemas/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((it) => it.endsWith('.json') && it !== 'openrpc.json')
  .map((path) => ({ path, text: readFileSync(new URL(path, folder), 'utf8') }));
const ajv = new Ajv2020();
for (const { text } of files) ajv.addSchema(JSON.parse(text));
const addressOf = (path: string) => `clew://schemas/${path}`;
const check = (id: string, value: unknown) => {
  const isValid = ajv.validate(addressOf(`${id}.json`), value);
  expect(isValid, `${id}: ${ajv.errorsText()}`).toBe(true);
};

test('every reference leads to a file, by the ids and by the paths', () => {
  const paths = new Set(files.map((it) => it.path));
  const lost = files.flatMap(({ path, text }) => {
    const references = [...text.matchAll(/"\$ref": "([^"#][^"]*)"/g)].map(([, it = '']) => it);
    const { $id } = JSON.parse(text) as { $id: string };
    const wrong = references.filter(
      (it) =>
        !paths.has(posix.join(posix.dirname(path), it)) ||
        !paths.has(new URL(it, $id).href.slice(addressOf('').length)),
    );
    return $id === addressOf(path) ? wrong : [...wrong, $id];
  });
  expect(lost).toEqual([]);
});

function sumByTheBook(line: string): string {
  const covered = line.slice(0, line.lastIndexOf(',"sum":'));
  return createHash('sha256').update(covered, 'utf8').digest('hex').slice(0, 16);
}

test('the worked example holds', async () => {
  const lines = block('ndjson').trim().split('\n');
  expect(lines.length).toBe(3);
  let prev = '0'.repeat(16);
  for (const line of lines) {
    const { sum, prev: said } = JSON.parse(line);
    expect(sum).toBe(sumByTheBook(line));
    expect(said).toBe(prev);
    expect(line.slice(-26)).toBe(`,"sum":"${sum}"}`);
    prev = sum;
  }
  const covered = block('text').trimEnd();
  expect(lines[1]?.startsWith(`${covered},"sum":`)).toBe(true);
  expect(page).toContain(`over these ${Buffer.byteLength(covered)} bytes`);
  expect(page).toContain(`# ${JSON.parse(lines[1] ?? '').sum}`);
  check('file/journal-header', JSON.parse(lines[0] ?? ''));
  for (const line of lines.slice(1)) {
    check('file/journal-line', JSON.parse(line));
    check(`event/${JSON.parse(line).event.type}`, JSON.parse(line).event);
  }
});

test('clew reads the example as the page says', async () => {
  const folder = makeFolder();
  const { writer } = JSON.parse(block('ndjson').split('\n')[0] ?? '');
  writeFileSync(join(folder, `${writer}-0001.ndjson`), block('ndjson'));
  const { entries, problems } = readBack(folder);
  expect(problems).toEqual([]);
  expect(entries.map((it) => [it.seq, it.event.type])).toEqual([
    [1, 'turn-started'],
    [2, 'message-said'],
  ]);
  expect((await verifyJournals(folder)).sound).toBe(true);
});

test('what clew writes is as the page and the schemas say', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 50, { limits: { rotateBytes: 1500 } });
  let prev = '0'.repeat(16);
  for (const { path } of listJournals(folder)) {
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    for (const [index, line] of lines.entries()) {
      const value = JSON.parse(line);
      check(index === 0 ? 'file/journal-header' : 'file/journal-line', value);
      expect([value.prev, value.sum]).toEqual([prev, sumByTheBook(line)]);
      prev = value.sum;
    }
  }
});

test('leases and identities are as their schemas say', () => {
  const home = openStateHome({ CLEW_HOME: join(makeFolder(), 'home') });
  const folder = openWorkspaceFolder({ home, workspace: makeFolder() });
  check('file/identity', JSON.parse(readFileSync(join(folder.path, 'identity.json'), 'utf8')));
  const lease = takeLease(folder.journal, 'W1');
  check('file/lease', JSON.parse(readFileSync(join(folder.journal, 'W1.live'), 'utf8')));
  lease.release();
});
