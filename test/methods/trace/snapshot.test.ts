/** trace/snapshot: a session's rows, cards of all sessions, and what changed after a point. */
import { chownSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TraceRow, TraceSeq } from '../../../src/contract/types.gen.ts';
import { joinSeqs, reachesAsFar } from '../../../src/trace/trace-seq.ts';
import { tellStory } from '../../trace/story.ts';
import { ask, asTold, openAt, recordWorkspace } from '../recorded.ts';
import { sessions, smallStory, steps } from '../small-story.ts';

const writer = smallStory[0]?.writer ?? '';

test('trace/snapshot answers with the rows of a session and how far they go', async () => {
  const recorded = recordWorkspace(smallStory);
  const found = await ask(openAt(recorded), 'trace/snapshot', { session: sessions[0] });
  expect(found.seq).toEqual({ [writer]: smallStory.length });
  expect(found.rows.map(tell)).toEqual([
    'turn completed 36 rename the parser',
    'tool completed 20 Edit a.ts',
    'permission completed 18 Edit a.ts?',
    'message completed 28 Done: it is renamed.',
    'plan completed 30 1 of 2 done: write',
  ]);
  expect(asTold(recorded, found.rows[1]?.locations)).toEqual([
    { path: 'src/a.ts', operation: 'modify', added: 2, removed: 1 },
  ]);
  expect(found.cards).toMatchObject([
    {
      ...{ id: sessions[0], status: 'completed', title: 'Rename the parser', agent: 'codex-acp' },
      counts: { turns: 1, steps: 3, tools: 1, failed: 0 },
    },
  ]);
});

test('what its writer left open is interrupted, with a revision of its own', async () => {
  const found = await ask(openAt(recordWorkspace(smallStory)), 'trace/snapshot', {
    session: sessions[1],
  });
  expect(found.rows.map(tell)).toEqual([
    'turn interrupted 41 now the tests',
    'thought interrupted 43 undefined',
  ]);
  expect(found.cards.map((it) => it.status)).toEqual(['interrupted']);
});

test('the workspace has a card for each session, newest first', async () => {
  const context = openAt(recordWorkspace(smallStory));
  const all = await ask(context, 'trace/snapshot', {});
  expect(all.cards.map((it) => it.id)).toEqual([sessions[1], sessions[0]]);
  expect(all.rows).toEqual([]);
  const one = await ask(context, 'trace/snapshot', { limit: 1 });
  expect([one.cards.length, one.more]).toEqual([1, true]);
  const after = { [writer]: smallStory.length - 1 };
  const changed = await ask(context, 'trace/snapshot', { afterSeq: after });
  expect(changed.cards.map((it) => it.id)).toEqual([sessions[1]]);
});

test('only what changed after a point comes again', async () => {
  const context = openAt(recordWorkspace(smallStory));
  const found = await ask(context, 'trace/snapshot', {
    session: sessions[0],
    afterSeq: { [writer]: 14 },
  });
  expect(found.rows.map((it) => it.kind)).toEqual(['turn', 'plan']);
  const none = await ask(context, 'trace/snapshot', { session: sessions[0], afterSeq: found.seq });
  expect(none.rows).toEqual([]);
});

test('wherever it is taken up again, nothing is missing and nothing is there twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(fc.nat(60), { maxLength: 6 }), async (at, cuts) => {
      const entries = tellStory({ seed: at, writers: 2, turns: 2 }).flat();
      const recorded = recordWorkspace([]);
      const context = openAt(recorded);
      const session = entries.find((it) => it.session !== undefined)?.session ?? '';
      const held = new Map<string, TraceRow>();
      let seq: TraceSeq | undefined;
      for (const end of [...cuts, entries.length]) {
        recorded.write(entries.splice(0, end));
        if (!(await isKnown(context, session))) continue;
        const params = seq === undefined ? { session } : { session, afterSeq: seq };
        const found = await ask(context, 'trace/snapshot', params);
        for (const row of found.rows) {
          expect(held.get(row.id)?.revision ?? 0).toBeLessThanOrEqual(row.revision);
          held.set(row.id, row);
        }
        expect(reachesAsFar(found.seq, seq ?? {})).toBe(true);
        seq = joinSeqs(seq ?? {}, found.seq);
      }
      const whole = await ask(context, 'trace/snapshot', { session });
      expect(sortRows([...held.values()])).toEqual(sortRows(whole.rows));
      expect(new Set(whole.rows.map((it) => it.id)).size).toBe(whole.rows.length);
    }),
    { numRuns: 12 },
  );
});

test('who asks for more than is written gets what there is', async () => {
  const context = openAt(recordWorkspace(smallStory));
  const found = await ask(context, 'trace/snapshot', {
    session: sessions[0],
    seq: { [writer]: smallStory.length },
  });
  expect(found.rows.map((it) => it.id)).toContain(steps[0]);
});

test.skipIf(process.getuid?.() !== 0)('the state of another user is refused', () => {
  const recorded = recordWorkspace(smallStory);
  chownSync(recorded.env['CLEW_HOME'] ?? '', 12_345, 12_345);
  expect(() => openAt(recorded)).toThrow(/belongs to another user/);
});

test.each([
  [{ session: 'nobody-there' }, 'unknown-id'],
  [{ afterSeq: { [writer]: -1 } }, 'invalid-params'],
  [{ afterSeq: { 'a b': 1 } }, 'invalid-params'],
  [{ limit: 0 }, 'invalid-params'],
  [{ rooms: 1 }, 'invalid-params'],
])('trace/snapshot refuses %j', async (params, code) => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'trace/snapshot', params as never);
  await expect(asked).rejects.toMatchObject({ code });
});

function tell({ kind, status, revision, title, content }: TraceRow): string {
  return `${kind} ${status} ${revision} ${title ?? content}`;
}

function sortRows(rows: readonly TraceRow[]): TraceRow[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function isKnown(context: ReturnType<typeof openAt>, session: string): Promise<boolean> {
  const { cards } = await ask(context, 'trace/snapshot', {});
  return cards.some((it) => it.id === session);
}
