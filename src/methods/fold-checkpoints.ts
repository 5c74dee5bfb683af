/** Explains what checkpoints changed, one after the other: all of it, or only what somebody asked about. */
import type { Related } from '../attribution/choose-related.ts';
import type { Entry } from '../attribution/entry.ts';
import { type FileChange, foldWindow, type Taught } from '../attribution/fold-window.ts';
import type { Ledger } from '../attribution/ledger.ts';
import { openTexts } from '../attribution/open-texts.ts';
import type { Checkpoint, Window } from '../shadow/order.ts';
import { byteHands } from './byte-hands.ts';
import { openFetcher } from './fetch-ahead.ts';
import { nameText } from './name-text.ts';
import { openSuspects } from './open-suspects.ts';
import type { TextReader } from './open-text-reader.ts';

export type Folding = {
  readonly checkpoints: readonly Checkpoint[];
  /** Of the last ones of these. */
  readonly windows: readonly Window[];
  /** A window's changes, with the names that files had before. */
  readonly pair: (window: string) => Promise<readonly FileChange[]>;
  readonly texts: TextReader;
  readonly ledger: Ledger;
  /** Of each checkpoint, what its window is judged by. */
  readonly keys: ReadonlyMap<string, string>;
  /** Told of the files so far. */
  readonly onProgress: (files: number) => void;
};

/** So many files of one window are asked for at once. */
const batch = 64;

/** `parts`: only these changes. */
export async function foldCheckpoints(
  folding: Folding,
  parts?: readonly Related[],
): Promise<Entry[]> {
  const { checkpoints, windows, pair, texts, ledger, keys, onProgress } = folding;
  const suspects = openSuspects(checkpoints, windows, texts);
  const ports = {
    texts: openTexts({ read: texts.read, name: nameText, bytes: byteHands }),
    suspectsOf: suspects.of,
    toldNext: suspects.toldNext,
  };
  const byId = new Map(checkpoints.map((it) => [it.id, it]));
  const asked: readonly Related[] = parts ?? windows;
  const fetch = openFetcher(asked.flatMap(cutUp), suspects, texts);
  const entries: Entry[] = [];
  let [files, cut] = [0, 0];
  for (const { id, changes } of asked) {
    const paired = parts === undefined ? await pair(id) : changes;
    const taught: Taught[] = [];
    for (const some of cutUp({ id, changes: paired })) {
      await fetch(cut);
      cut += 1;
      taught.push(await foldWindow(ledger, some, ports));
      files += some.changes.length;
      onProgress(files);
    }
    const head = { id, key: keys.get(id) ?? '', ...describe(byId.get(id)) };
    entries.push({ ...head, ...joinTaught(taught) });
  }
  return entries;
}

function cutUp({ id, changes }: Related): Related[] {
  const count = Math.ceil(changes.length / batch);
  return Array.from({ length: count }, (_, at) => ({
    id,
    changes: changes.slice(at * batch, (at + 1) * batch),
  }));
}

function joinTaught(parts: readonly Taught[]): Taught {
  return {
    pages: parts.flatMap((it) => it.pages),
    lost: parts.flatMap((it) => it.lost),
    confirmed: parts.flatMap((it) => it.confirmed),
    unclaimed: parts.flatMap((it) => it.unclaimed),
  };
}

/** What was found at the end of something that the session did, not what was there before it. */
const endings: ReadonlySet<string | undefined> = new Set(['step', 'turn', 'late', 'write']);

function describe(checkpoint: Checkpoint | undefined): Pick<Entry, 'session' | 'told'> {
  const { marks = {}, acts = [] } = checkpoint ?? {};
  const told = acts.flatMap(({ by, paths, failed }) =>
    'undo' in by || failed === true
      ? []
      : paths.map((path) => [by.session, by.step, path] as const),
  );
  const session = endings.has(marks['reason']) ? marks['session'] : undefined;
  return { told, ...(session === undefined ? {} : { session }) };
}
