/** That as many come in at once as may, in the order in which they came, and who gives up holds nobody up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTurnstile } from '../../src/rpc/turnstile.ts';
import { countUsers } from '../../src/rpc/users.ts';

const never = () => new AbortController().signal;
const soon = () => new Promise((done) => setImmediate(done));

test('whatever comes, leaves and gives up: never more inside than may be, and nobody is forgotten', async () => {
  const deed = fc.constantFrom('come', 'come', 'leave', 'leave twice', 'give up');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(deed), async (atOnce, deeds) => {
      const gate = openTurnstile(atOnce);
      const inside: (() => void)[] = [];
      const waiting: { n: number; leaving: AbortController }[] = [];
      const admitted: number[] = [];
      let came = 0;
      for (const it of deeds) {
        if (it === 'come') {
          came += 1;
          const place = { n: came, leaving: new AbortController() };
          waiting.push(place);
          gate.enter(place.leaving.signal).then(
            (out) => {
              admitted.push(place.n);
              inside.push(out);
              waiting.splice(waiting.indexOf(place), 1);
            },
            () => waiting.splice(waiting.indexOf(place), 1),
          );
        } else if (it === 'give up') waiting.at(-1)?.leaving.abort(new Error('gave up'));
        else {
          const out = inside.shift();
          out?.();
          if (it === 'leave twice') out?.();
        }
        await soon();
        expect(inside.length).toBeLessThanOrEqual(atOnce);
        if (0 < waiting.length) expect(inside).toHaveLength(atOnce);
      }
      expect(admitted).toEqual([...admitted].sort((a, b) => a - b));
    }),
  );
});

test('who has given up before is not let in', async () => {
  const leaving = new AbortController();
  leaving.abort(new Error('gone'));
  await expect(openTurnstile(1).enter(leaving.signal)).rejects.toThrow('gone');
});

test('whoever waits for users waits for as many as were asked for, and no longer', async () => {
  const users = countUsers();
  const [one, two] = [users.enter(), users.enter()];
  const told: string[] = [];
  const none = users.downTo(0).then(() => told.push('none'));
  const few = users.downTo(1).then(() => told.push('few'));
  await users.downTo(2);
  await users.downTo(0, 1);
  await soon();
  expect(told).toEqual([]);
  one();
  await few;
  expect(told).toEqual(['few']);
  two();
  await none;
  expect(told).toEqual(['few', 'none']);
});

test('a place is free again when its holder has left', async () => {
  const gate = openTurnstile(1);
  const out = await gate.enter(never());
  out();
  (await gate.enter(never()))();
});
