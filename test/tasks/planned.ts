/** What recorded conversations say of plans, as versions to fold. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Event } from '../../src/contract/types.gen.ts';
import { foldPlans, type PlanVersion, type SessionTask } from '../../src/tasks/fold-plans.ts';
import { readChecklist } from '../../src/tasks/read-checklist.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function readVersions(golden: URL): PlanVersion[] {
  const notes = readFileSync(golden, 'utf8')
    .trim()
    .split('\n')
    .flatMap((it) => {
      const line = JSON.parse(it) as { event?: Event; notes?: { event: Event }[] };
      return line.event === undefined ? (line.notes ?? []).map((note) => note.event) : [line.event];
    });
  return notes.flatMap((event, at) => {
    if (event.type !== 'plan-changed') return [];
    const { plan = '', entries, text, uri, turn } = event;
    const other = text ?? uri;
    const all = entries.length === 0 && other !== undefined ? readChecklist(other) : entries;
    return [{ plan, entries: all, at, writer: 'W', seq: at, ...(turn && { turn }) }];
  });
}

const marks = { open: '[ ]', active: '[>]', blocked: '[!]', done: '[x]', dropped: '[-]' };

/** In a few words each. */
export function tell(tasks: readonly SessionTask[]): string {
  return tasks
    .map((it) => {
      const was = it.earlier.length === 0 ? '' : `; was ${it.earlier.join(', ')}`;
      const left = it.listed ? '' : '; left the plan';
      const spans = it.active.map(({ from, to }) => `${from}-${to ?? ''}`).join(' ');
      const plan = it.plan === undefined ? '' : ` in ${it.plan}`;
      return `${marks[it.status]} ${it.title}${plan} (${it.firstTurn ?? ''}-${it.lastTurn ?? ''}, active ${spans}${was}${left})\n`;
    })
    .join('');
}

export const fold = (versions: readonly PlanVersion[]) => foldPlans('S', versions, sha256);
