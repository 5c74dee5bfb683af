/** The alert of overwritten lines that somebody means; read from the journals, which need no index. */
import { readFileSync } from 'node:fs';
import type { LinesOverwritten } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { listJournals } from '../store/journal-names.ts';
import { readJournalFile } from '../store/journal-reader.ts';
import type { Context } from './context.ts';

export type Alert = LinesOverwritten & { readonly session: string | undefined };

const needle = '"lines-overwritten"';

/** The whole of an id, at least four letters of its beginning or end, or `@last`. */
export function findAlert(context: Pick<Context, 'folder'>, word: string): Alert {
  const all = listAlerts(context.folder().journal);
  const wanted = word.toUpperCase();
  const found = word === '@last' ? all.slice(-1) : all.filter((it) => isMeant(it.alert, wanted));
  const [only, other] = found;
  if (only === undefined)
    throw new Failure('unknown-id', `no alert of overwritten lines is called ${word}`, {
      data: { id: word },
      hint:
        all.length === 0
          ? 'none was ever raised in this workspace'
          : '`clew show` names them, and so does `clew tail`; @last is the newest',
    });
  if (other === undefined) return only;
  throw new Failure('ambiguous-id', `${found.length} alerts are called ${word}`, {
    data: { id: word, candidates: found.slice(0, 10).map(({ alert, path }) => ({ alert, path })) },
    hint: 'give more letters of the one you mean',
  });
}

function isMeant(id: string, wanted: string): boolean {
  const upper = id.toUpperCase();
  if (upper === wanted) return true;
  return wanted.length >= 4 && (upper.endsWith(wanted) || upper.startsWith(wanted));
}

/** In the order of their ids, which is that in which they were raised. */
function listAlerts(folder: string): Alert[] {
  const found = new Map<string, Alert>();
  for (const { path } of listJournals(folder)) {
    // Most journals have none, and need not be taken apart.
    if (!readFileSync(path).includes(needle)) continue;
    for (const item of readJournalFile(path)) {
      const entry = 'entry' in item ? item.entry : undefined;
      if (entry?.event.type !== 'lines-overwritten') continue;
      found.set(entry.event.alert, { ...entry.event, session: entry.session });
    }
  }
  return [...found.values()].sort((a, b) => (a.alert < b.alert ? -1 : 1));
}
