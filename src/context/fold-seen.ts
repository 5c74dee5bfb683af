/** What one session has seen, out of its journal: the state store can be lost, and every answer is the same. */
import type { Event, StepEnded } from '../contract/types.gen.ts';
import { type FileDeeds, openDeedTeller } from './deeds.ts';
import { judgeSight, type Seen } from './seen.ts';

export type SeenFold = {
  /** One entry of the session after the other; those of several writers in any order. */
  take(event: Event, at: number): void;
  readonly files: ReadonlyMap<string, Seen>;
};

type Change = { readonly path: string; readonly seen: Seen };
type Told = { readonly turn?: string | undefined; readonly step?: string | undefined };

/** `inside` makes a path relative to the workspace; undefined for one outside of it. */
export function foldSeen(inside: (path: string) => string | undefined): SeenFold {
  const files = new Map<string, Seen>();
  const teller = openDeedTeller();
  const pending = new Map<string, Change[]>();

  function note(path: string, seen: Seen): void {
    const found = inside(path);
    if (found === undefined || found === '') return;
    const before = files.get(found);
    if (before === undefined || before.at <= seen.at) files.set(found, judgeSight(before, seen));
  }

  function deedsAt(at: number): FileDeeds {
    const about = ({ turn, step }: Told) => ({ at, ...(turn && { turn }), ...(step && { step }) });
    return {
      read({ path, blob, ...told }) {
        if (blob !== undefined) note(path, { blob, ...about(told), how: 'wire' });
      },
      write: ({ path, blob, ...told }) => note(path, { blob, ...about(told), how: 'own' }),
      change({ path, after, ...told }) {
        if (after === undefined || told.step === undefined) return;
        const changes = pending.get(told.step) ?? [];
        changes.push({ path, seen: { blob: after, ...about(told), how: 'own' } });
        pending.set(told.step, changes);
      },
      refused({ step = '', path }) {
        const left = (pending.get(step) ?? []).filter((it) => it.path !== path);
        pending.set(step, left);
      },
      command: () => undefined,
      end: (step, outcome) => settle(step, outcome, at),
    };
  }

  function settle(step: string, outcome: StepEnded['outcome'], at: number): void {
    const changes = pending.get(step) ?? [];
    pending.delete(step);
    if (outcome !== 'completed' && outcome !== 'interrupted') return;
    for (const { path, seen } of changes) note(path, { ...seen, at });
  }

  return {
    files,
    take(event, at) {
      if (event.type !== 'file-seen') return teller.tell(event, deedsAt(at));
      const { type: _, path, ...seen } = event;
      note(path, { ...seen, at });
    },
  };
}
