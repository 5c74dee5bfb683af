/** That the index answers what the journals say, however it was built, and that it can always be built again. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/journal/entry.ts';
import { askLog } from '../../../src/store/index/ask-log.ts';
import { loadDriver } from '../../../src/store/index/driver.ts';
import { takeLock } from '../../../src/store/index/lock.ts';
import { decodeRow } from '../../../src/store/index/tables.ts';
import { openIndex, type TraceIndex } from '../../../src/store/index/trace-index.ts';
import type { AllTables } from '../../../src/trace/rows.ts';
import { openShelf } from '../../../src/trace/shelf.ts';
import { makeFolder } from '../../scratch.ts';
import { mergeSomehow, openChance, tellStory } from '../../trace/story.ts';
import { answerPlainly, askAll, isRunning, wishes } from './asking.ts';
import { openScribe } from './journals.ts';

const placeIn = (folder: string) => ({
  path: join(folder, 'index.db'),
  journal: join(folder, 'journal'),
});

async function withIndex<T>(folder: string, work: (index: TraceIndex) => Promise<T>): Promise<T> {
  const index = await openIndex(placeIn(folder));
  try {
    return await work(index);
  } finally {
    index.close();
  }
}

const answersIn = (folder: string) =>
  withIndex(folder, async (index) => {
    expect((await index.catchUp()).behind).toBe(false);
    return askAll(index);
  });

function dropIndex(folder: string): void {
  for (const it of readdirSync(folder))
    if (it.startsWith('index.db')) rmSync(join(folder, it), { force: true });
}

/** The rows as the fold makes them, from the tables. */
const readRows = (folder: string) =>
  withIndex(folder, (index) =>
    index.ask((database) => {
      const ids = new Map(
        (database.prepare('SELECT no, id FROM turns').all() as { no: number; id: string }[]).map(
          (it) => [it.no, it.id],
        ),
      );
      const rows = (table: keyof AllTables) =>
        database
          .prepare(`SELECT * FROM ${table}`)
          .all()
          .map((it) => {
            const {
              no: _,
              turnNo,
              ...row
            } = decodeRow(table, it) as never as Record<string, unknown>;
            const turn = turnNo === undefined ? {} : { turn: ids.get(turnNo as number) };
            return JSON.stringify(sorted({ ...row, ...turn }));
          })
          .sort();
      return Object.fromEntries(
        tables.map((it) => [it, rows(it).filter((row) => it !== 'turns' || row.includes('"se'))]),
      );
    }),
  );

const tables = [
  'writers',
  'openings',
  'losses',
  'turns',
  'steps',
  'texts',
  'claims',
  'plans',
  'problems',
] as const;

const sorted = (row: object) =>
  Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));

function foldRows(entries: readonly Entry[]): Record<string, string[]> {
  const shelf = openShelf();
  for (const it of entries) shelf.take(it);
  const all = { writers: shelf.writers, openings: shelf.openings, ...shelf.tables };
  return Object.fromEntries(
    tables.map((name) => [
      name,
      [...all[name].values()]
        .map((it) => JSON.stringify(sorted(it)))
        .filter((it) => name !== 'turns' || it.includes('"se'))
        .sort(),
    ]),
  );
}

describe('laws', () => {
  test('its tables are the rows of the fold, and its log is what looking at every row gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const folder = makeFolder();
        const journals = tellStory({ seed, turns: 6 });
        openScribe(join(folder, 'journal'), 40).write(journals.flat());
        const { log } = await answersIn(folder);
        expect(await readRows(folder)).toEqual(foldRows(journals.flat()));
        for (const [at, wish] of wishes.entries())
          expect(log[at], JSON.stringify(wish)).toEqual(answerPlainly(journals.flat(), wish));
      }),
      { numRuns: 12 },
    );
  });

  test('deleted and built again, or built bit by bit, it answers the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer(), async (seed, order) => {
        const folder = makeFolder();
        const merged = mergeSomehow(tellStory({ seed }), openChance(order));
        const scribe = openScribe(join(folder, 'journal'), 30);
        for (const chance = openChance(order); 0 < merged.length; ) {
          scribe.write(merged.splice(0, 1 + chance.below(40)));
          await withIndex(folder, (index) => index.catchUp());
        }
        const before = await answersIn(folder);
        dropIndex(folder);
        expect(await answersIn(folder)).toEqual(before);
        await withIndex(folder, (index) => index.rebuild());
        expect(await answersIn(folder)).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });
});

const story = () => tellStory({ seed: 7, turns: 5 }).flat();

describe('what may happen to it', () => {
  test('nothing new is nothing to do', async () => {
    const folder = makeFolder();
    openScribe(join(folder, 'journal')).write(story());
    await withIndex(folder, async (index) => {
      expect(index.backlogBytes()).toBeUndefined();
      expect((await index.catchUp()).entries).toBe(story().length);
      expect(index.backlogBytes()).toBe(0);
      expect(await index.catchUp()).toEqual({ entries: 0, behind: false });
    });
  });

  test('while another process writes it, it answers from what is there and says so', async () => {
    const folder = makeFolder();
    const scribe = openScribe(join(folder, 'journal'));
    scribe.write(story().slice(0, 50));
    const before = await answersIn(folder);
    scribe.write(story().slice(50));
    const lock = takeLock(await loadDriver(), placeIn(folder).path, 0);
    const index = await openIndex({ ...placeIn(folder), lockWaitMs: 0 });
    expect(await index.catchUp()).toEqual({ entries: 0, behind: true });
    expect(await askAll(index)).toEqual(before);
    lock?.release();
    expect((await index.catchUp()).behind).toBe(false);
    expect(await askAll(index)).not.toEqual(before);
    index.close();
  });

  test('building it anew waits for whoever writes it, and keeps nobody else waiting', async () => {
    const folder = makeFolder();
    openScribe(join(folder, 'journal')).write(story());
    const before = await answersIn(folder);
    const lock = takeLock(await loadDriver(), placeIn(folder).path, 0);
    const index = await openIndex(placeIn(folder));
    const rebuilt = index.rebuild();
    // Who slept in the database's own wait would never let go of what this thread holds.
    await nextTurn();
    lock?.release();
    expect((await rebuilt).entries).toBeGreaterThan(0);
    expect(await askAll(index)).toEqual(before);
    index.close();
  });

  test('two that are open at once see what the other took in', async () => {
    const folder = makeFolder();
    const scribe = openScribe(join(folder, 'journal'));
    scribe.write(story().slice(0, 50));
    const [one, other] = [await openIndex(placeIn(folder)), await openIndex(placeIn(folder))];
    await one.catchUp();
    await askAll(other);
    scribe.write(story().slice(50));
    await one.catchUp();
    expect(await askAll(other)).toEqual(await askAll(one));
    await one.rebuild();
    expect(await askAll(other)).toEqual(await askAll(one));
    one.close();
    other.close();
  });

  test.each([
    ['a journal that is gone', (at: string, name: string) => rmSync(join(at, name))],
    ['a journal that is shorter', (at: string, name: string) => writeFileSync(join(at, name), '')],
    [
      'a journal that is another',
      (at: string, name: string) => {
        const writer = name.slice(0, 26);
        rmSync(join(at, name));
        const own = story().filter((it) => it.writer === writer);
        openScribe(at).write(own.map((it) => ({ ...it, at: it.at * 10 })));
      },
    ],
  ])('after %s it is built anew', async (_, change) => {
    const folder = makeFolder();
    const journal = join(folder, 'journal');
    openScribe(journal).write(story());
    await answersIn(folder);
    change(journal, readdirSync(journal)[0] ?? '');
    const rebuilt = await withIndex(folder, (index) => index.catchUp());
    expect(rebuilt.rebuilt).toMatch(/^\w+-0001.ndjson is/);
    const after = await answersIn(folder);
    dropIndex(folder);
    expect(await answersIn(folder)).toEqual(after);
  });

  test('a file of a writer that comes after what follows it is put in its place', async () => {
    const folder = makeFolder();
    const [whole, part] = [join(folder, 'whole'), join(folder, 'part')];
    for (const it of [whole, part]) openScribe(join(it, 'journal'), 30).write(story());
    const first = readdirSync(join(part, 'journal'))[0] ?? '';
    rmSync(join(part, 'journal', first));
    await answersIn(part);
    openScribe(join(folder, 'again', 'journal'), 30).write(story());
    copyFileSync(join(folder, 'again/journal', first), join(part, 'journal', first));
    expect(await answersIn(part)).toEqual(await answersIn(whole));
  });

  test('an index of a newer clew is left alone', async () => {
    const folder = makeFolder();
    openScribe(join(folder, 'journal')).write(story());
    await answersIn(folder);
    const seal = { tables: 99, file: 'whatever' };
    writeFileSync(join(folder, 'index.db-seal'), JSON.stringify(seal));
    await withIndex(folder, async (index) => {
      const refusal = { code: 'newer-state', hint: expect.stringContaining('update clew') };
      await expect(index.catchUp()).rejects.toMatchObject(refusal);
      await expect(index.rebuild()).rejects.toMatchObject(refusal);
    });
    expect(existsSync(join(folder, 'index.db'))).toBe(true);
  });

  test('where it cannot be written it is said so, and what is there is asked', async () => {
    const folder = makeFolder();
    const scribe = openScribe(join(folder, 'journal'));
    scribe.write(story().slice(0, 50));
    // As good as a folder that is read-only, also for root.
    mkdirSync(join(folder, 'index.db-lock'));
    const refusal = { code: 'index-unavailable', hint: expect.stringContaining('written') };
    await withIndex(folder, async (index) => {
      expect(await index.catchUp()).toEqual({ entries: 0, behind: true });
      await expect(askAll(index)).rejects.toMatchObject(refusal);
      await expect(index.rebuild()).rejects.toMatchObject(refusal);
    });
    rmdirSync(join(folder, 'index.db-lock'));
    const before = await answersIn(folder);
    scribe.write(story().slice(50));
    rmSync(join(folder, 'index.db-lock'), { force: true });
    mkdirSync(join(folder, 'index.db-lock'));
    await withIndex(folder, async (index) => {
      expect((await index.catchUp()).behind).toBe(true);
      expect(await askAll(index)).toEqual(before);
    });
  });

  test('an index of an older clew is built anew', async () => {
    const folder = makeFolder();
    openScribe(join(folder, 'journal')).write(story());
    const before = await answersIn(folder);
    writeFileSync(join(folder, 'index.db-seal'), JSON.stringify({ tables: 0, file: 'whatever' }));
    expect(await answersIn(folder)).toEqual(before);
  });

  test('a word that was cut between two parts of a message is found, and half of it is too', async () => {
    const folder = makeFolder();
    const say = (part: number, text: string): Entry => ({
      ...{ writer: 'W', seq: part + 2, at: 1, mono: 1, session: 'S' },
      event: { type: 'message-said', turn: 'T', step: 'P', role: 'agent', part, text },
    });
    const started = { type: 'turn-started', turn: 'T', origin: 'prompt' } as const;
    const scribe = openScribe(join(folder, 'journal'));
    scribe.write([{ ...say(-1, ''), event: started }, say(0, 'please refac')]);
    await answersIn(folder);
    scribe.write([say(1, 'tor it in 日本'), say(2, '語')]);
    await answersIn(folder);
    const found = (grep: string) =>
      withIndex(folder, (index) =>
        index.ask((it) => askLog(it, { grep, limit: 9 }, isRunning).sessions.length),
      );
    for (const it of ['refactor', 'refac', 'REFACTOR please', '日本', '本語', '日本語'])
      expect(await found(it), it).toBe(1);
    for (const it of ['tor', 'please other', '語日']) expect(await found(it), it).toBe(0);
  });
});
