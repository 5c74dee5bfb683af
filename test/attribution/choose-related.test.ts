/** What is folded for one file alone says of it what the fold of everything says. */
import '../seed.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseRelated, type Related } from '../../src/attribution/choose-related.ts';
import type { Suspect } from '../../src/attribution/explain-change.ts';
import { type FileChange, foldWindow } from '../../src/attribution/fold-window.ts';
import { type Ledger, openLedger } from '../../src/attribution/ledger.ts';
import { openTexts } from '../../src/attribution/open-texts.ts';
import { byteHands } from '../../src/methods/byte-hands.ts';
import { nameText } from '../../src/methods/name-text.ts';

const paths = ['a', 'b', 'c', 'd'];
const path = fc.constantFrom(...paths);
const op = fc.oneof(
  fc.record({ kind: fc.constant('edit' as const), path, at: fc.nat(5), isAgents: fc.boolean() }),
  fc.record({ kind: fc.constant('copy' as const), path, to: path }),
  // The old name may go only in the window after.
  fc.record({
    kind: fc.constant('rename' as const),
    path,
    to: path,
    isLate: fc.boolean(),
    isEdited: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('remove' as const), path }),
  fc.record({ kind: fc.constant('back' as const), path, to: fc.nat(20) }),
);
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

type Story = {
  /** As the checkpoints have it. */
  readonly plain: readonly Related[];
  readonly paired: readonly Related[];
  readonly blobs: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
};

type Files = Map<string, string>;
type Rename = { readonly from: string; readonly to: string };

/** Answers what was renamed. */
function perform(files: Files, it: Op, { number, old }: { number: number; old: string[] }) {
  const text = files.get(it.path);
  if (it.kind === 'remove') files.delete(it.path);
  if (it.kind === 'back') files.set(it.path, old[it.to] ?? 'short\n');
  if (it.kind === 'copy' && text !== undefined) files.set(it.to, text);
  if (it.kind === 'edit' && text !== undefined) {
    const lines = text.split('\n');
    lines[it.at] = `line ${number} of ${it.isAgents ? 'an agent' : 'somebody'}`;
    files.set(it.path, lines.join('\n'));
  }
  if (it.kind !== 'rename' || text === undefined || files.has(it.to)) return undefined;
  files.set(it.to, it.isEdited ? text.replace('\n', ' and more\n') : text);
  if (!it.isLate) files.delete(it.path);
  return { from: it.path, to: it.to };
}

function tell(ops: readonly Op[]): Story {
  const now: Files = new Map(paths.map((it) => [it, `${it}: of some length\n`.repeat(6)]));
  const blobs = new Map<string, string>();
  const old: string[] = [];
  const plain: Related[] = [];
  const paired: Related[] = [];
  let late: string | undefined;
  const versionOf = (text: string | undefined) => {
    if (text === undefined) return undefined;
    blobs.set(nameText(text), text);
    return { oid: nameText(text), mode: '100644' };
  };
  const listChanges = (was: Files, rename?: Rename) =>
    paths.flatMap((name): FileChange[] => {
      const [before, after] = [versionOf(was.get(name)), versionOf(now.get(name))];
      if (before?.oid === after?.oid) return [];
      const from = rename?.to === name && before === undefined ? rename.from : undefined;
      const source = from === undefined ? before : versionOf(was.get(from));
      return [
        {
          path: name,
          ...(from && { from }),
          ...(source && { before: source }),
          ...(after && { after }),
        },
      ];
    });
  for (const [number, it] of ops.entries()) {
    const was = new Map(now);
    if (late !== undefined) now.delete(late);
    const rename = perform(now, it, { number, old });
    late = it.kind === 'rename' && it.isLate ? rename?.from : undefined;
    old.push(...now.values());
    plain.push({ id: `w${number}`, changes: listChanges(was) });
    paired.push({ id: `w${number}`, changes: listChanges(was, rename) });
  }
  return { plain, paired, blobs, now };
}

async function fold(windows: readonly Related[], { blobs }: Story): Promise<Ledger> {
  const ledger = openLedger();
  const texts = openTexts({
    read: async (oid) => blobs.get(oid),
    name: nameText,
    bytes: byteHands,
  });
  const suspectsOf = async (window: string, { after }: FileChange): Promise<Suspect[]> => {
    const text = (after && blobs.get(after.oid)) ?? '';
    const line = `line ${window.slice(1)} of an agent\n`;
    if (!text.includes(line)) return [];
    const by = { session: 'S', turn: 'T', step: window };
    const claims = [{ after: text, isWhole: true }];
    return [{ by, claims, witness: 'W', isUntold: false, isAble: false }];
  };
  for (const window of windows) await foldWindow(ledger, window, { texts, suspectsOf });
  return ledger;
}

test('over renames, copies, and what came back', async () => {
  let spared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 12 }), async (ops) => {
      const story = tell(ops);
      const whole = await fold(story.paired, story);
      const pair = async ({ id }: Related) =>
        story.paired.find((it) => it.id === id)?.changes ?? [];
      for (const name of paths) {
        const text = story.now.get(name);
        const asked = { path: name, ...(text === undefined ? {} : { blob: nameText(text) }) };
        const some = await chooseRelated(story.plain, asked, pair);
        const ledger = await fold(some, story);
        const blob = asked.blob ?? '';
        expect(ledger.find(blob, name)?.runs).toEqual(whole.find(blob, name)?.runs);
        expect(ledger.listLost(name)).toEqual(whole.listLost(name));
        expect(ledger.listVersions(name)).toEqual(whole.listVersions(name));
        spared += some.length < story.plain.length ? 1 : 0;
      }
    }),
    { numRuns: 300 },
  );
  expect(spared).toBeGreaterThan(100);
});
