/** The lines of a version that was binary for a while: nobody has them for having put a NUL there. */
import { expect, test } from 'vitest';
import { knowLines } from '../../src/attribution/know-lines.ts';
import { openLedger } from '../../src/attribution/ledger.ts';
import type { VersionText } from '../../src/attribution/open-texts.ts';
import type { Origin } from '../../src/attribution/origin.ts';
import { isLinewise, readText } from '../../src/attribution/text-lines.ts';

const by = (session: string) => ({ session, turn: 't', step: 's' });
const told: Origin = { grade: 'W', by: by('A'), seen: '1' };
const nobodys: Origin = { grade: 'U' };
const whole: Origin = { grade: 'X', by: by('B'), seen: '2', flags: ['file'] };

function versionOf(raw: string): VersionText {
  const isKnown = isLinewise(raw);
  const { text, lines } = readText(raw);
  return { raw, text, chars: raw.length, lines: isKnown ? lines : [], isLinewise: isKnown };
}

const text = 'typed by hand\nwritten by A\n';
const large = 'x'.repeat(1 << 20);
const tooMany = '\n'.repeat(20_000);

test.each([
  ['a text, by its page', text, text, [nobodys, told]],
  ['a line with NUL behind it', text, `${text}a\0b\n`, [nobodys, told, whole]],
  [
    'a NUL within a line: that one is whoever’s that changed it',
    text,
    'typed by hand\nwritten\0by A\n',
    [nobodys, whole],
  ],
  ['a text never seen: as a whole', undefined, 'a\0b\nc\n', [whole, whole]],
  ['too large a one', text, `${text}\0${large}`, undefined],
  ['one of too many lines', text, `${text}\0${tooMany}`, undefined],
])('%s', async (_name, before, raw, wanted) => {
  const ledger = openLedger();
  const page = { path: 'f', isTelling: true };
  const versions = new Map<string, string>();
  if (raw !== before) {
    versions.set('binary', raw);
    ledger.put('binary', { ...page, runs: [[1, whole]] });
  }
  if (before !== undefined) {
    versions.set('text', before);
    ledger.put('text', {
      ...page,
      runs: [
        [1, nobodys],
        [1, told],
      ],
    });
  }
  const texts = {
    read: async (oid: string) => versionOf(versions.get(oid) ?? ''),
    follow: () => undefined,
  };
  const oid = raw === before ? 'text' : 'binary';
  const known = await knowLines(versionOf(raw), { oid, path: 'f', ledger, texts });
  expect(known?.origins).toEqual(wanted);
});
