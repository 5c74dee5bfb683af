/** What clew tells of every recorded conversation: by its shape, and in a few words each. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';

const cases = new URL('../../acp/cases/', import.meta.url);
const ending = '.golden.ndjson';
const names = readdirSync(cases).filter((it) => it.endsWith(ending));

/** The notes of a conversation, as a sidecar would have written them down. */
function readEntries(name: string): Entry[] {
  const lines = readFileSync(new URL(name, cases), 'utf8').trim().split('\n');
  const notes = lines.map((it) => JSON.parse(it) as { session?: string; event: Event });
  const opened = notes.find((it) => it.event.type === 'session-opened')?.event;
  const workspace = opened?.type === 'session-opened' ? (opened.cwd ?? '/') : '/';
  const run = { pid: 1, clew: '0', command: ['agent'], platform: 'linux', node: 'v20' };
  const events = [
    { event: { type: 'recording-started', workspace, ...run } as const },
    ...notes,
    { event: { type: 'recording-ended', reason: 'editor-left' } as const },
  ];
  return events.map((it, at) => ({
    ...{ writer: '01K5A', seq: at + 1, at: 1_790_000_000_000 + at, mono: at },
    ...it,
  }));
}

test.each(names)('%s', async (name) => {
  const context = openAt(recordWorkspace(readEntries(name)));
  const { sessions } = await ask(context, 'log/query', {});
  const told: string[] = [];
  for (const session of sessions) {
    const { steps } = await ask(context, 'log/show', { id: session.id });
    told.push(`${session.how} session, ${session.agent}, ${session.state}`);
    for (const { id, origin, outcome, files, failed } of session.turns) {
      const own = steps.filter((it) => it.turn === id).map((it) => `${it.kind} ${it.state}`);
      const about = [origin, outcome, `changed ${files.join(', ') || 'nothing'}`];
      told.push(
        `  ${about.join(', ')}${failed === 0 ? '' : `, ${failed} failed`}: ${own.join(', ')}`,
      );
    }
  }
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(
    `cases/${name.slice(0, -ending.length)}.txt`,
  );
});
