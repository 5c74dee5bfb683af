/**
 * The project's state: folded from the journals, kept as a file beside them, and in the workspace where the
 * person wants it there. What somebody changed in that file is told first, and written over only then.
 */
import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { ItemChange, StateChanged, StateConflict } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { momentOf } from '../layers/begin-short.ts';
import { foldLong, type LongFold, sections } from '../layers/fold-long.ts';
import { nameItem } from '../layers/name-item.ts';
import { planImport } from '../layers/plan-import.ts';
import { readLong } from '../layers/read-long.ts';
import { spellLong } from '../layers/spell-long.ts';
import { findCopyFolder } from './find-copy-folder.ts';
import { writeLayerNow } from './layer-files.ts';
import { openPrivateFolder } from './private-folder.ts';
import { openScan, type Scan, type ScanPlace } from './scan-journals.ts';
import { openSharedFile } from './shared-file.ts';
import { readSynced, type Synced, spellNext } from './synced.ts';
import { readIfThere } from './whole-file.ts';

export type ProjectPlace = {
  /** Of the workspace. */
  readonly root: string;
  /** The folder of the layers. */
  readonly layers: string;
  readonly journal: string;
};

export type ProjectPorts = {
  /** Fulfilled when it is safe. */
  record(event: StateChanged): Promise<void>;
  now(): number;
  head(): string | undefined;
  /** Whether one commit grew out of another. */
  isAncestor(older: string, newer: string): Promise<boolean>;
  /** What was folded before, so that nobody reads all journals again. All of it can be lost. */
  readonly cache?: ProjectCache | undefined;
};

export type ProjectCache = {
  get(): Promise<Cached | undefined>;
  set(cached: Cached): Promise<void>;
};
type Cached = {
  readonly places: Readonly<Record<string, ScanPlace>>;
  readonly entries: readonly Entry[];
};

export type Imported = {
  readonly path: string;
  readonly found: boolean;
  readonly base?: string;
  readonly file?: string;
  readonly changes: readonly ItemChange[];
  /** Why the file was not read, or not written over. */
  readonly problem?: string;
};

export type Compared = Pick<Imported, 'changes' | 'problem'>;

export type ProjectShelf = {
  readonly fold: LongFold;
  /** Where the copy in the workspace is, if there is to be one. */
  readonly copy: string | undefined;
  /** What other writers have told since: everything that the scan looks for. */
  readOn(): Promise<readonly Entry[]>;
  /** Tells a change and folds it. */
  change(event: StateChanged): Promise<string[]>;
  /** What the file in the workspace has that was not told; nothing is written. */
  look(): Promise<Imported>;
  /** The same of a text that was made of these versions. */
  compare(text: string, versions: Readonly<Record<string, readonly string[]>>): Compared;
  /** Takes that over, and writes both files where they are not as they should be. */
  settle(): Promise<Imported>;
};

const rounds = 3;
export const projectName = 'project_state.json';
const scanned = new Set([
  ...(['state-changed', 'item-noted', 'head-moved', 'task-changed', 'drift-resolved'] as const),
]);

const digest = (text: string) => hash('sha256', text, 'hex');

export async function openProjectShelf(
  place: ProjectPlace,
  ports: ProjectPorts,
): Promise<ProjectShelf> {
  const { root, layers, journal } = place;
  const fold = foldLong(digest);
  const kept: Entry[] = [];
  const cached = await ports.cache?.get();
  for (const entry of cached?.entries ?? []) keep(entry);
  const scan: Scan = openScan(journal, scanned, cached?.places);
  openPrivateFolder(layers);
  const shared = openSharedFile(join(layers, 'synced.json'));

  function keep(entry: Entry): void {
    if (entry.event.type !== 'state-changed') return;
    kept.push(entry);
    take(entry.event, entry.at);
  }

  function take({ how, by, changes }: StateChanged, at: number): string[] {
    return changes.map((it) => fold.take({ ...it, at: momentOf(at), how, by }));
  }

  async function readOn(): Promise<readonly Entry[]> {
    const entries = await scan.readOn();
    const before = kept.length;
    for (const entry of entries) keep(entry);
    if (before < kept.length) await ports.cache?.set({ places: scan.places(), entries: kept });
    return entries;
  }

  async function change(event: StateChanged): Promise<string[]> {
    await ports.record(event);
    return take(event, ports.now());
  }

  async function look(): Promise<Imported & { readonly synced: Synced | undefined }> {
    const synced = readSynced(shared.read());
    const path = join(root, '.clew', projectName);
    const nothing = { path, found: false, changes: [], synced };
    if (findCopyFolder(root) === undefined) return nothing;
    const text = readCopy(path);
    if (text === undefined) return nothing;
    const file = digest(text);
    const about = { path, found: true, file, synced, ...(synced && { base: synced.file }) };
    if (file === synced?.file || synced?.recent.includes(file) === true)
      return { ...about, changes: [] };
    const from = await judgeGround(synced);
    return { ...about, ...compare(text, synced?.items ?? {}, from) };
  }

  function compare(
    text: string,
    versions: Synced['items'],
    from: 'here' | 'elsewhere' = 'here',
  ): Compared {
    const read = readLong(text);
    if (read.kind === 'damaged') return { changes: [], problem: `${projectName}: ${read.why}` };
    if (read.kind === 'newer')
      return {
        changes: [],
        problem: `${projectName}: a newer clew wrote it (version ${read.version})`,
      };
    const synced = new Map(Object.entries(versions));
    const name = (item: Parameters<typeof nameItem>[0]) => nameItem(item, digest);
    const changes = planImport(read.items, fold, { synced, from }, name);
    if (!read.isMarked) return { changes };
    return { changes, problem: `${projectName}: it has the marks of a merge; both sides are kept` };
  }

  async function judgeGround(synced: Synced | undefined): Promise<'here' | 'elsewhere'> {
    const head = ports.head();
    if (synced === undefined || synced.head === head) return 'here';
    if (synced.head === undefined || head === undefined) return 'elsewhere';
    return (await ports.isAncestor(synced.head, head)) ? 'here' : 'elsewhere';
  }

  async function settle(): Promise<Imported> {
    let all: ItemChange[] = [];
    for (let round = 0; ; round += 1) {
      const { synced: _, ...found } = await look();
      const { base, file, changes } = found;
      if (changes.length > 0 && round < rounds) {
        const told = { ...(base && { base }), ...(file && { file }), changes: [...changes] };
        await change({ type: 'state-changed', how: 'import', by: 'unknown', ...told });
        all = [...all, ...changes];
      }
      writeOwn();
      if (found.problem === undefined && !writeCopy(found.file) && round < rounds) continue;
      return { ...found, changes: all };
    }
  }

  function writeOwn(): void {
    const text = spellLong(fold.layer());
    const own = join(layers, projectName);
    if (readIfThere(own)?.toString('utf8') !== text) writeLayerNow(own, text);
  }

  /** False where somebody has written the file since it was looked at. */
  function writeCopy(seen: string | undefined): boolean {
    if (findCopyFolder(root) === undefined) return true;
    const text = spellLong(fold.layer());
    const path = join(root, '.clew', projectName);
    let isDone = false;
    shared.change((before) => {
      const synced = readSynced(before);
      const now = readCopy(path);
      if ((now === undefined ? undefined : digest(now)) !== seen) return undefined;
      isDone = true;
      // Merged or formatted by others: where it says the same it stays as they spelled it.
      if (now !== undefined && saysTheSame(now)) return spellSynced(synced, now);
      if (now !== text) writeLayerNow(path, text, 0o666);
      return spellSynced(synced, text);
    });
    return isDone;
  }

  function listShown(): Record<string, readonly string[]> {
    const layer = fold.layer();
    const shown = sections.flatMap((it) => layer[it].map(({ id }) => id));
    return Object.fromEntries(shown.map((id) => [id, fold.standing(id)]));
  }

  function saysTheSame(text: string): boolean {
    const { changes, problem } = compare(text, listShown());
    return problem === undefined && changes.length === 0;
  }

  function spellSynced(before: Synced | undefined, text: string): string {
    return spellNext(before, { file: digest(text), head: ports.head(), items: listShown() });
  }

  return {
    fold,
    get copy() {
      return findCopyFolder(root) === undefined ? undefined : join(root, '.clew', projectName);
    },
    readOn,
    change,
    async look() {
      const { synced: _, ...found } = await look();
      return found;
    },
    compare: (text, versions) => compare(text, versions),
    settle,
  };
}

/** Conflicts that would come of these changes, without telling them to anybody. */
export function foreseeConflicts(fold: LongFold, changes: readonly ItemChange[]): StateConflict[] {
  const trial = foldLong(digest);
  for (const id of fold.ids()) for (const it of fold.versions(id)) trial.take({ ...it, id });
  for (const it of changes) trial.take({ ...it, at: '', how: 'import', by: 'unknown' });
  const ids = new Set(changes.map((it) => it.id));
  return trial.conflicts().filter((it) => ids.has(it.id));
}

function readCopy(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? readIfThere(path)?.toString('utf8') : undefined;
}
