/** A workspace in which turns are played: files change, and checkpoints are taken as a sidecar takes them. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Context } from '../../src/methods/context.ts';
import { nameText } from '../../src/methods/name-text.ts';
import type { Taken, TakeOrder } from '../../src/shadow/order.ts';
import { listJournals } from '../../src/store/journal-names.ts';
import { readJournalFile } from '../../src/store/journal-reader.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import type { Act, Reach, Told } from '../../src/undo/act.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';
import { openAt } from './recorded.ts';

/** What is to be in a path: text, nothing (undefined), a link, or text that may be run. */
export type Wanted = string | undefined | { readonly link: string } | { readonly run: string };
type Files = Readonly<Record<string, Wanted>>;

type Doing = {
  readonly paths?: readonly string[];
  readonly reach?: Reach;
  /** What it tells of them, by its texts. */
  readonly claims?: readonly TextClaim[];
  /** Before that it had not begun. */
  readonly since?: number;
  /** What happens in its place: by then `files` are written. */
  readonly run?: (root: string) => void;
};

export type TextClaim = {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly whole?: true;
};

export type Turn = {
  readonly turn: string;
  readonly before: Taken;
  /** A step that does this; it names what it does, unless it is told to name something else. */
  step(files: Files, told?: Doing): Promise<string>;
  /** One that goes on until it is closed: others may act meanwhile. */
  begin(files: Files, told?: Doing): string;
  close(step: string, how?: Partial<TakeOrder>): Promise<Taken>;
  end(): Promise<Taken>;
};

export type Played = {
  readonly root: string;
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly context: Context;
  write(files: Files): void;
  /** Text, `-> target`, `run: text`, or undefined when there is nothing; a folder is its names. */
  read(path: string): string | undefined;
  readAll(): Record<string, string>;
  start(session: string, turn?: string): Promise<Turn>;
  /** The whole of a turn with one step. */
  play(session: string, files: Files, told?: Doing): Promise<{ turn: string; step: string }>;
  id(): string;
  /** The events that methods wrote down. */
  readJournal(): Promise<Event[]>;
};

export type PlayOptions = {
  readonly git?: boolean;
  readonly files?: Files;
  readonly at?: { readonly folder: string; readonly root: string };
};

export async function playAt(options: PlayOptions = {}): Promise<Played> {
  const folder = options.at?.folder ?? makeFolder();
  const root = options.at?.root ?? join(folder, 'work ü');
  mkdirSync(root, { recursive: true });
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder, XDG_RUNTIME_DIR: '' };
  let minted = 0;
  const id = () => {
    minted += 1;
    return mintUlid(Date.now() + minted);
  };
  const write = (files: Files) => {
    for (const [path, wanted] of Object.entries(files)) put(join(root, path), wanted);
  };
  write(options.files ?? {});
  if (options.git === true) commitAll(root);
  openWorkspaceFolder({
    home: openStateHome(env),
    workspace: root,
    ...(options.git === true ? { gitCommonDir: join(root, '.git') } : {}),
  });
  const context = openAt({ root, env, state: '', journal: '', write: () => undefined });
  const keeper = await context.keeper();
  const take = (marks: Record<string, string>, more: Partial<TakeOrder> = {}) =>
    keeper.take({ id: id(), at: Date.now(), marks, ...more });

  async function start(session: string, turn = id()): Promise<Turn> {
    const before = await take({ reason: 'prompt', session, turn });
    const open = new Map<string, Act>();
    const texts = new Map<string, readonly string[]>();
    let ended: string[] = [];
    // Until a checkpoint has it, an act is told again; one that goes on, also after that.
    const takeWithActs = async (marks: Record<string, string>, how: Partial<TakeOrder>) => {
      const acts = [...open.values()];
      const told = [...open.keys()].flatMap((step) => texts.get(step) ?? []);
      const taken = await take({ ...marks, session, turn }, { ...how, acts, texts: told });
      if (taken.same !== true) for (const step of ended.splice(0)) open.delete(step);
      return taken;
    };
    const begin = (files: Files, told: Doing = {}) => {
      write(files);
      const { claims = [] } = told;
      const named = claims.length > 0 ? claims.map(({ path }) => path) : Object.keys(files);
      const { paths = named, reach = 'named', since } = told;
      told.run?.(root);
      const step = id();
      const by = { session, turn, step };
      const act: Act = { by, paths, reach, ...(since === undefined ? {} : { since }) };
      open.set(step, claims.length === 0 ? act : { ...act, told: claims.map(nameClaim) });
      texts.set(
        step,
        claims.flatMap(({ before, after }) => [before, after].filter((it) => it !== undefined)),
      );
      return step;
    };
    const close = (step: string, how: Partial<TakeOrder> = {}) => {
      ended = [...ended, step];
      return takeWithActs({ reason: 'step', step }, { unlessSame: true, ...how });
    };
    return {
      turn,
      before,
      begin,
      close,
      async step(files, told) {
        const step = begin(files, told);
        await close(step);
        return step;
      },
      end: () => takeWithActs({ reason: 'turn' }, { after: before.id }),
    };
  }

  return {
    root,
    folder,
    env,
    context,
    write,
    read: (path) => readPath(join(root, path)),
    readAll: () => readTree(root),
    start,
    async play(session, files, told) {
      const turn = await start(session);
      const step = await turn.step(files, told);
      await turn.end();
      return { turn: turn.turn, step };
    },
    id,
    async readJournal() {
      const { journal } = context.folder();
      return listJournals(journal)
        .flatMap(({ path }) => [...readJournalFile(path)])
        .flatMap((it) => ('entry' in it ? [it.entry.event] : []));
    },
  };
}

function nameClaim({ path, before, after, whole }: TextClaim): Told {
  const blobOf = (text: string) => nameText(Buffer.from(text).toString('latin1'));
  return {
    path,
    ...(before === undefined ? {} : { before: blobOf(before) }),
    ...(after === undefined ? {} : { after: blobOf(after) }),
    ...(whole === undefined ? {} : { whole }),
  };
}

function put(path: string, wanted: Wanted): void {
  if (wanted === undefined) {
    rmSync(path, { recursive: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  if (typeof wanted === 'string') writeFileSync(path, wanted);
  else {
    rmSync(path, { recursive: true, force: true });
    if ('link' in wanted) symlinkSync(wanted.link, path);
    else {
      writeFileSync(path, wanted.run);
      chmodSync(path, 0o755);
    }
  }
}

function readPath(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (stat.isDirectory()) return readdirSync(path).sort().join(' ');
  const text = readFileSync(path, 'latin1');
  return (stat.mode & 0o100) === 0 ? text : `run: ${text}`;
}

/** Every file and empty folder in it, but for .git. */
function readTree(root: string, under = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, under)).sort()) {
    if (under === '' && name === '.git') continue;
    const path = under === '' ? name : `${under}/${name}`;
    const stat = lstatSync(join(root, path));
    if (!stat.isDirectory() || readdirSync(join(root, path)).length === 0)
      found[path] = readPath(join(root, path)) ?? '';
    else Object.assign(found, readTree(root, path));
  }
  return found;
}

function commitAll(root: string): void {
  git(root, 'init', '-q', '-b', 'main', '.');
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'x');
}
