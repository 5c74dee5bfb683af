/** Steps of a host's turns: whatever is done in whatever order, each has one end, and nothing is kept of it then. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { Failure } from '../../src/errors.ts';
import { openHostSteps } from '../../src/recorder/host-steps.ts';

const act = fc.record({
  what: fc.constantFrom('start', 'progress', 'end', 'endTurn'),
  turn: fc.constantFrom('T1', 'T2'),
  pick: fc.nat(20),
});

function openWorld() {
  const written: Event[] = [];
  const told = new Set<string>();
  let minted = 0;
  const steps = openHostSteps({
    write: (_, event) => void written.push(event),
    mint() {
      minted += 1;
      return { id: `P${minted}`, at: minted };
    },
    mono: () => minted,
    progress: { tell: ({ step }) => void told.add(step), drop: (step) => void told.delete(step) },
  });
  return { steps, written, told };
}

test('one beginning, one end, and no progress of what has ended', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const { steps, written, told } = openWorld();
      const turnOf = new Map<string, string>();
      const does = {
        start: (_: string, turn: string) =>
          void turnOf.set(steps.start('S', { turn, kind: 'tool' }).step, turn),
        progress(step: string) {
          expectFor(step, () => steps.progress({ step, content: '' }));
        },
        end(step: string) {
          expectFor(step, () => steps.end({ step }));
          turnOf.delete(step);
        },
        endTurn(_: string, turn: string) {
          steps.endTurn(turn);
          for (const [it, own] of turnOf) if (own === turn) turnOf.delete(it);
        },
      };
      const expectFor = (step: string, ask: () => object) => {
        if (turnOf.has(step)) expect(ask()).toMatchObject({ session: 'S', step });
        else expect(ask).toThrow(Failure);
      };
      for (const { what, turn, pick } of acts) {
        does[what](`P${pick}`, turn);
        expect([...told].filter((it) => !turnOf.has(it))).toEqual([]);
      }
      const ended = written.flatMap((it) => (it.type === 'step-ended' ? [it.step] : []));
      const begun = written.filter((it) => it.type === 'step-started');
      expect(new Set(ended).size).toBe(ended.length);
      expect(ended.length + turnOf.size).toBe(begun.length);
    }),
  );
});
