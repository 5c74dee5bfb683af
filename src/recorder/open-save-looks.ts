/** Looks at what a person saves of the files that an agent has seen, while the agent has nothing in hand: nobody else would, before it is written over. */
import { join } from 'node:path';
import type { Event } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import { findInside } from '../workspace/find-inside.ts';
import { openSaveWatch } from '../workspace/open-save-watch.ts';
import { isLookingTool } from './act-log.ts';
import { noteFailed, noteTaken, type Wish } from './checkpoint-wish.ts';

export type SaveLookPorts = {
  /** The workspace of a session; undefined where it has no checkpoints. */
  rootOf(session: string): string | undefined;
  keeperOf(root: string): Pick<Calls, 'take' | 'versionsAt'>;
  mint(): { readonly id: string; readonly at: number };
  write(note: Note): void;
  say(text: string): void;
};

export type SaveLooks = {
  /** Everything that is written down. */
  watch(note: Note): void;
  /** A session has seen that file of its workspace. */
  mind(session: string, path: string): void;
  close(): Promise<void>;
};

type Session = {
  readonly root: string;
  readonly seen: Set<string>;
  turn: string | undefined;
  /** Tool calls that may be writing now. */
  readonly open: Set<string>;
  /** Of these, what waits for permission. */
  readonly asking: Set<string>;
  /** What was written meanwhile, for when they are done. */
  readonly held: Set<string>;
  /** How often each file was looked at in this turn. */
  readonly counts: Map<string, number>;
};

const sessionLimit = 50;
const seenLimit = 2_000;
/** What is written all the time is a log, and nobody's typing. */
const countLimit = 10;

export function openSaveLooks(ports: SaveLookPorts): SaveLooks {
  const sessions = new Map<string, Session>();
  const watching = openSaveWatch({
    saved: (files) => {
      for (const [id, session] of sessions) meet(id, session, files);
    },
    refused: (error) => ports.say(`saves are not noticed at once: ${error.message}`),
  });
  /** Sessions that have something held. */
  const waiting = new Map<string, Session>();
  const underWay = new Set<Promise<void>>();
  /** Of each workspace, the last checkpoint that was taken here. */
  const last = new Map<string, string>();

  function sessionOf(id: string): Session | undefined {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const root = ports.rootOf(id);
    if (root === undefined) return undefined;
    const [seen, open, asking] = [new Set<string>(), new Set<string>(), new Set<string>()];
    const [held, counts] = [new Set<string>(), new Map<string, number>()];
    const session: Session = { root, seen, turn: undefined, open, asking, held, counts };
    sessions.set(id, session);
    const [oldest] = sessions.keys();
    if (sessions.size > sessionLimit && oldest !== undefined) sessions.delete(oldest);
    return session;
  }

  /** What is written while a call is open may be that call's. */
  function isAtWork({ root }: Session): boolean {
    const beside = [...sessions.values()].filter((it) => it.root === root);
    return beside.some(({ open, asking }) => [...open].some((step) => !asking.has(step)));
  }

  function meet(id: string, session: Session, files: readonly string[]): void {
    const { root, seen, turn, held } = session;
    if (turn === undefined) return;
    for (const path of files.flatMap((file) => findInside(root, file) ?? []))
      if (seen.has(path)) held.add(path);
    lookIfFree(id, session);
  }

  function lookIfFree(id: string, session: Session): void {
    const { held } = session;
    if (held.size > 0 && isAtWork(session)) {
      waiting.set(id, session);
      return;
    }
    waiting.delete(id);
    const wanted = [...held].filter((path) => count(session, path));
    held.clear();
    if (wanted.length === 0) return;
    const work = look(id, session, wanted);
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  function count({ counts }: Session, path: string): boolean {
    const times = (counts.get(path) ?? 0) + 1;
    counts.set(path, times);
    return times <= countLimit;
  }

  /** In nobody's name: an agent that tells of a call only when it is over may have been it. */
  async function look(id: string, { root, turn }: Session, seen: readonly string[]): Promise<void> {
    const wish: Wish = { session: id, reason: 'look', turn };
    const keeper = ports.keeperOf(root);
    try {
      const paths = await listKept(keeper, last.get(root), seen);
      if (paths.length === 0) return;
      const minted = ports.mint();
      const marks = { reason: wish.reason };
      const taken = await keeper.take({ ...minted, marks, paths, unlessSame: true });
      if (taken.same === true) return;
      last.set(root, taken.id);
      ports.write(noteTaken(wish, taken, ports.mint().at - minted.at));
    } catch (error) {
      ports.write(noteFailed(wish, error instanceof Error ? error.message : String(error)));
    }
  }

  return {
    watch({ session: id, event }) {
      const session = id === undefined ? undefined : sessionOf(id);
      if (session === undefined) return;
      follow(session, event);
      for (const [name, it] of waiting) lookIfFree(name, it);
      if (event.type === 'checkpoint-taken') last.set(session.root, event.checkpoint);
      if (event.type === 'session-closed' && id !== undefined) sessions.delete(id);
    },
    mind(id, path) {
      const session = sessionOf(id);
      if (session === undefined || session.seen.size >= seenLimit) return;
      session.seen.add(path);
      watching.add(join(session.root, path));
    },
    async close() {
      watching.close();
      await Promise.allSettled([...underWay]);
    },
  };
}

/** Files that a checkpoint has: what is ignored is none of ours. */
async function listKept(
  keeper: Pick<Calls, 'versionsAt'>,
  checkpoint: string | undefined,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (checkpoint === undefined) return [];
  const versions = await keeper.versionsAt(checkpoint, paths);
  const isFile = (it: (typeof versions)[number] | undefined) =>
    it !== 'unknown' && it?.mode.startsWith('100') === true;
  return paths.filter((_, at) => isFile(versions[at]));
}

function follow(session: Session, event: Event): void {
  const { open, asking, counts } = session;
  if (event.type === 'turn-started') {
    session.turn = event.turn;
    counts.clear();
  } else if (event.type === 'turn-ended') {
    session.turn = undefined;
    open.clear();
    session.held.clear();
  } else if (event.type === 'step-started') {
    const isTool = event.kind === 'terminal' || event.kind === 'tool';
    if (isTool && !isLookingTool(event.tool?.kind)) open.add(event.step);
  } else if (event.type === 'permission-asked' && event.on !== undefined) asking.add(event.on);
  else if (event.type === 'permission-answered') asking.clear();
  else if (event.type === 'step-changed') asking.delete(event.step);
  else if (event.type === 'step-ended') {
    open.delete(event.step);
    asking.delete(event.step);
  }
}
