/** Gathers what a session has seen: from the state store, or from the journals where that has nothing of it. */
import { existsSync } from 'node:fs';
import { foldSeen } from '../context/fold-seen.ts';
import { nameIdentity, type Seen } from '../context/seen.ts';
import type { ContextRead } from '../contract/types.gen.ts';
import { findSession } from '../store/index/find-id.ts';
import { listJournals } from '../store/journal-names.ts';
import { readJournalFile } from '../store/journal-reader.ts';
import { openSeenSpace } from '../store/state/open-seen-space.ts';
import { openStateStore } from '../store/state/open-state-store.ts';
import { findTarget } from '../workspace/find-inside.ts';
import { askIndex } from './ask-index.ts';
import type { Context } from './context.ts';

type SeenContext = ContextRead['result'];

export async function readContext(
  context: Context,
  { session: asked = '@last', paths }: ContextRead['params'],
): Promise<SeenContext> {
  const { session, identity } = await findIdentity(context, asked);
  const files = await readFiles(context, session, identity);
  const wanted = paths && new Set(paths.map((it) => findTarget(context.workspace.root, it)));
  const found = [...files].filter(([path]) => wanted === undefined || wanted.has(path));
  found.sort(([one], [other]) => (one < other ? -1 : 1));
  return { session, files: found.map(([path, seen]) => ({ path, ...seen })) };
}

/** The name that what a session has seen is kept by. */
export async function findIdentity(
  context: Context,
  asked: string,
): Promise<{ session: string; identity: string }> {
  const { session, agentSession } = await askIndex(context, (database) => {
    const found = findSession(database, asked);
    const sql = 'SELECT "agentSession" FROM openings WHERE session = ? LIMIT 1';
    return { session: found, agentSession: database.prepare(sql).pluck().get(found) as string };
  });
  return { session, identity: nameIdentity(agentSession, session) };
}

async function readFiles(
  context: Context,
  session: string,
  identity: string,
): Promise<ReadonlyMap<string, Seen>> {
  const { state } = context.folder();
  if (existsSync(state)) {
    const store = await openStateStore(state);
    try {
      const found = await openSeenSpace(store).read(identity);
      if (0 < found.size) return found;
    } finally {
      await store.close();
    }
  }
  return foldJournals(context, session);
}

export function foldJournals(context: Context, session: string): ReadonlyMap<string, Seen> {
  const known = new Map<string, string | undefined>();
  const fold = foldSeen((path) => {
    if (!known.has(path)) known.set(path, findTarget(context.workspace.root, path));
    return known.get(path);
  });
  for (const { path } of listJournals(context.folder().journal))
    for (const item of readJournalFile(path))
      if ('entry' in item && item.entry.session === session)
        fold.take(item.entry.event, item.entry.at);
  return fold.files;
}
