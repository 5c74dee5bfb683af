/** What of a session's events is worth an alert in its short telling. */
import { expect, it } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { tellAlert } from '../../src/layers/tell-alert.ts';

const drift = (level: 'alert' | 'notice', branch: string) =>
  ({
    type: 'drift-found',
    found: {
      level,
      before: { branch: 'topic', head: 'a'.repeat(40) },
      after: { branch, head: 'b'.repeat(40) },
      files: [{ path: 'g', now: 'changed' }],
    },
  }) as unknown as Event;

it.each([
  [
    drift('alert', 'main'),
    'the branch switched from topic to main; 1 of the files it knows differ',
  ],
  [drift('alert', 'topic'), 'topic moved under it; 1 of the files it knows differ'],
  [drift('notice', 'main'), undefined],
  [
    { type: 'lines-overwritten', alert: '01JABCDEFGHIJKLMNOPQRSTUVW', path: 'a', lines: 1 },
    '1 line of somebody else in a went (clew undo --lost rstuvw)',
  ],
  [
    { type: 'stale-edit-found', path: 'a', verdict: 'warned' },
    'a write of a that did not know its version on disk was let through',
  ],
  [{ type: 'turn-ended', turn: 't', outcome: 'end_turn', afterMs: 1 }, undefined],
])('%j', (event, told) => {
  expect(tellAlert(event as Event)).toBe(told);
});
