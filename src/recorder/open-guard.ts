/** The guard of a run: its judges at the gates, and its eye on what could not be stopped. */
import type { StaleEditFound } from '../contract/types.gen.ts';
import type { Version } from '../guard/judge-write.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import { readPath } from '../snapshot/raw-path.ts';
import { findTarget } from '../workspace/find-inside.ts';
import { readFileWhole } from '../workspace/read-file.ts';
import { openOverwriteWatch } from './overwrite-watch.ts';
import { type GuardPorts, openStaleGuard, type StaleGuard } from './stale-guard.ts';
import { openStaleNews, type StaleNews } from './stale-news.ts';

export type GuardOptions = Pick<
  GuardPorts,
  | 'policy'
  | 'keeping'
  | 'rootOf'
  | 'seenOf'
  | 'settleSeen'
  | 'mint'
  | 'now'
  | 'redact'
  | 'write'
  | 'inject'
  | 'hear'
  | 'hearInstead'
  | 'expect'
> & {
  keeperOf(root: string): Calls;
  /** Git's blob id of some bytes. */
  nameBlob(bytes: Buffer): string;
  /** A text that went by lately. */
  textOf(blob: string): string | undefined;
  complain(doing: string, error: unknown): void;
};

export type Guard = Omit<StaleGuard, 'watch'> &
  Pick<StaleNews, 'optIn'> & {
    /** Everything that is written down; before others learn from it what a session has seen. */
    watch(note: Note): void;
    close(): Promise<void>;
  };

/** Past that a text is not compared, and so not judged. */
const textLimit = 8 << 20;
const groundLimit = 2_000;

export function openGuard(options: GuardOptions): Guard {
  const { nameBlob, inject } = options;
  const grounds = openGrounds();
  const names = new Map<string, string>();
  const news = openStaleNews({
    inject: (line) => inject('editor', line),
    nameOf: (session) => names.get(session),
  });
  const textOf = (blob: string) => {
    const text = options.textOf(blob);
    return text === undefined ? undefined : Buffer.from(text, 'utf8').toString('latin1');
  };
  const overwrites = openOverwriteWatch({
    rootOf: options.rootOf,
    keeperOf: options.keeperOf,
    seenOf: options.seenOf,
    textOf,
    mint: options.mint,
    write: options.write,
    tell: news.tellOverwritten,
    complain: options.complain,
  });
  const readNow = (root: string, path: string) => readVersionNow(root, path, nameBlob);
  const guard = openStaleGuard({
    ...options,
    blobOf: (text) => nameBlob(Buffer.from(text, 'utf8')),
    readNow,
    textOf,
    wasOnDisk: grounds.has,
    tell: (session: string, event: StaleEditFound) => news.tellStale(session, event),
    allowLoss: overwrites.allowLoss,
  });

  /** A text that the editor gave away may be one that was never saved: only now can that be told. */
  function learnGround(session: string, named: string, blob: string): void {
    const root = options.rootOf(session);
    const path = root === undefined ? undefined : findTarget(root, named);
    if (root === undefined || path === undefined) return;
    if (readNow(root, path)?.blob === blob) grounds.add(session, path, blob);
  }

  return {
    ...guard,
    optIn: news.optIn,
    watch(note) {
      const { session, event } = note;
      if (session !== undefined && event.type === 'session-opened')
        names.set(session, event.agentSession);
      if (session !== undefined && event.type === 'file-read' && event.blob !== undefined)
        learnGround(session, event.path, event.blob);
      guard.watch(note);
      news.watch(note);
      overwrites.watch(note);
    },
    close: overwrites.close,
  };
}

function readVersionNow(
  root: string,
  path: string,
  nameBlob: (bytes: Buffer) => string,
): Version | undefined {
  const reading = readFileWhole(root, readPath(path), textLimit);
  if (reading.kind === 'gone') return { blob: null };
  if (reading.kind !== 'read') return undefined;
  const bytes = Buffer.from(reading.bytes);
  const text = bytes.toString('latin1');
  const blob = nameBlob(bytes);
  return text.includes('\0') ? { blob } : { blob, text };
}

/** Versions that were on disk when a session saw them. */
function openGrounds() {
  const known = new Set<string>();
  const nameOf = (session: string, path: string, blob: string | null) =>
    `${session} ${blob} ${path}`;
  return {
    has: (session: string, path: string, blob: string | null) =>
      known.has(nameOf(session, path, blob)),
    add(session: string, path: string, blob: string | null) {
      known.add(nameOf(session, path, blob));
      const [oldest] = known;
      if (known.size > groundLimit && oldest !== undefined) known.delete(oldest);
    },
  };
}
