/** Whose lines are when looks lag behind, come in the middle of a save, or came to nothing before: only the very words count. */
import { expect, test } from 'vitest';
import type { Claim } from '../../src/attribution/apply-claim.ts';
import type { Suspect } from '../../src/attribution/explain-change.ts';
import { type FileChange, foldWindow } from '../../src/attribution/fold-window.ts';
import { openLedger } from '../../src/attribution/ledger.ts';
import { openTexts } from '../../src/attribution/open-texts.ts';
import { byteHands } from '../../src/methods/byte-hands.ts';
import { nameText } from '../../src/methods/name-text.ts';

type Look = {
  readonly text: string;
  /** The one before could not say. */
  readonly isUnsure?: true;
  readonly told?: Readonly<Record<string, Claim>>;
  readonly toldNext?: Readonly<Record<string, Claim>>;
  /** A command ran. */
  readonly able?: string;
};

const base = 'one of it\ntwo of it\nthree of it\n';
const turn = (before: string, after: string): Claim => ({ before, after, isWhole: false });
const two = turn('two of it', 'TWO by agent');
const three = turn('three of it', 'THREE by agent');
const after = 'one of it\nTWO by agent\nTHREE by agent\n';

const cases: readonly (readonly [name: string, looks: readonly Look[], classes: string])[] = [
  [
    'a look that saw more than it was told of',
    [{ text: base }, { text: after, told: { a: two }, toldNext: { b: three } }],
    'U aW bW',
  ],
  [
    'a command and an edit that was told after it',
    [{ text: base }, { text: after, able: 'run', toldNext: { b: three } }],
    'U runX bW',
  ],
  [
    'what is told next is only done then',
    [{ text: base }, { text: base.replace('one', '1'), toldNext: { b: two } }],
    'U U U',
  ],
  [
    'a person typed what is replaced later',
    [
      { text: base },
      { text: `${base}mine\n`, toldNext: { b: turn('mine\n', 'mine\nand the agent’s\n') } },
    ],
    'U U U U',
  ],
  [
    'a look in the middle of a save',
    [
      { text: base, told: {} },
      { text: 'one of', told: { a: two } },
      { text: after, told: { b: three }, toldNext: { a: two } },
    ],
    'U aW bW',
  ],
  [
    'the same, and a person typed meanwhile: nobody is believed by half',
    [{ text: base }, { text: '' }, { text: `${after}mine\n`, told: { a: two, b: three } }],
    'U U U U',
  ],
  [
    'the first look at all',
    [{ text: after, isUnsure: true, told: { a: two, b: three } }],
    'U aW bW',
  ],
  [
    'the first look, and the words are not there',
    [{ text: base, isUnsure: true, told: { a: two } }],
    'U U U',
  ],
  [
    'the first look, and the words stand there twice',
    [{ text: `${after}TWO by agent\n`, isUnsure: true, told: { a: two } }],
    'U U U U',
  ],
];

test.each(cases)('%s', async (_name, looks, classes) => {
  const ledger = openLedger();
  const blobs = new Map(looks.map(({ text }) => [nameText(text), text]));
  const read = async (oid: string) => blobs.get(oid);
  const texts = openTexts({ read, name: nameText, bytes: byteHands });
  for (const [at, { text, isUnsure, told = {}, toldNext = {}, able }] of looks.entries()) {
    const was = looks[at - 1]?.text;
    if (was === undefined && isUnsure === undefined) continue;
    const change: FileChange = {
      path: 'f',
      after: versionOf(text),
      ...(was === undefined ? {} : { before: versionOf(was) }),
      ...(isUnsure && { isUnsure }),
    };
    await foldWindow(
      ledger,
      { id: `w${at}`, changes: [change] },
      {
        texts,
        suspectsOf: async () => [...suspectsOf(told), ...(able ? [suspectOf(able, [], true)] : [])],
        toldNext: async () => suspectsOf(toldNext),
      },
    );
  }
  const runs = ledger.find(nameText(looks.at(-1)?.text ?? ''), 'f')?.runs ?? [];
  const found = runs.flatMap(([count, { by, grade }]) =>
    Array.from({ length: count }, () => `${by?.step ?? ''}${grade}`),
  );
  const lines = looks.at(-1)?.text.split('\n').length ?? 0;
  while (found.length < lines - 1) found.push('U');
  expect(found.join(' ')).toBe(classes);
});

const versionOf = (text: string) => ({ oid: nameText(text), mode: '100644' });

function suspectOf(step: string, claims: readonly Claim[], isAble = false): Suspect {
  return { by: { session: 'S', turn: 'T', step }, claims, witness: 'W', isUntold: false, isAble };
}

function suspectsOf(told: Readonly<Record<string, Claim>>): Suspect[] {
  return Object.entries(told).map(([step, claim]) => suspectOf(step, [claim]));
}
