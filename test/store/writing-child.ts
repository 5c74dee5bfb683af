/** A process that writes a journal until it is killed, or `count` entries: prints every seq it was promised. */
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openClock } from '../../src/store/clock.ts';
import { openJournalWriter } from '../../src/store/journal-writer.ts';
import { mintUlid } from '../../src/store/ulid.ts';

const [folder = '', count = 'Infinity'] = process.argv.slice(2);
const writer = openJournalWriter({
  folder,
  writer: mintUlid(Date.now()),
  workspace: 'test',
  clock: openClock(),
  // Small, so that files are left and begun all the time.
  limits: { rotateBytes: 64 << 10, batchBytes: 4 << 10, batchMs: 2 },
});

for (let number = 1; number <= Number(count); number += 1) {
  const text = `entry ${number} ${'é'.repeat(number % 200)}`;
  const { seq } = writer.append({ event: { type: 'message-said', text } as never });
  if (number % 40 === 0) {
    await writer.acknowledge();
    writeSync(1, `${writer.writer} ${seq}\n`);
  } else if (number % 10 === 0) await nextTurn();
}
await writer.close();
