/** Which session, turn, step, undo or checkpoint somebody means by a word. */
import { Failure } from '../errors.ts';
import { isAfterGap, type Marked } from './bouts.ts';
import type { Scope } from './gather-edits.ts';
import { lacksBeginning } from './is-torn.ts';

type Kind = Scope['kind'] | 'checkpoint';
type Named = { readonly kind: Kind; readonly id: string };

/** What can be undone. Without a word: what was done last. */
export function findScope(checkpoints: readonly Marked[], word = '@last'): Scope {
  const all = listNamed(checkpoints);
  const named = all.filter((it) => it.kind !== 'checkpoint');
  if (word.startsWith('@'))
    return scopeOf(findRelative(named, word, (it) => it.kind === 'turn' || it.kind === 'undo'));
  const [own, other] = [matchId(named, word), matchId(all, word)];
  if (own.length === 0 && other.length === 1)
    throw new Failure('unknown-id', `${word} is a checkpoint: it did nothing to undo`, {
      data: { id: word },
      hint: '`clew restore` goes back to a checkpoint',
    });
  return scopeOf(findById(named, word));
}

function scopeOf({ kind, id }: Named): Scope {
  return { kind: kind as Scope['kind'], id };
}

/** The one thing of a kind, for whoever knows which kind it must be. */
export function findOfKind(checkpoints: readonly Marked[], kind: Kind, word: string): string {
  const named = listNamed(checkpoints).filter((it) => it.kind === kind);
  if (!word.startsWith('@')) return findById(named, word).id;
  return findRelative(named, word, () => true).id;
}

/** The checkpoint meant; of a turn, a step or a session the one before it. */
export function findCheckpoint(checkpoints: readonly Marked[], word: string): string {
  const named = listNamed(checkpoints);
  const own = new Set(checkpoints.filter(isOwn).map(({ id }) => id));
  const found = word.startsWith('@')
    ? findRelative(
        named.filter(({ kind, id }) => kind !== 'checkpoint' || !own.has(id)),
        word,
        (it) => it.kind === 'checkpoint',
      )
    : findById(named, word);
  if (found.kind === 'checkpoint') return found.id;
  const first = checkpoints.findIndex(({ marks, acts }) =>
    [marks, ...acts.map(({ by }) => by as Readonly<Record<string, string>>)].some(
      (it) => it[found.kind] === found.id,
    ),
  );
  const at = checkpoints[first];
  // A turn has one of its own before it, and so has an undo; a step has the last one before its first.
  const last = isAfterGap(checkpoints, first) ? undefined : checkpoints[first - 1];
  const before = at?.acts.length === 0 ? at : last;
  if (before !== undefined && !lacksBeginning(checkpoints, found)) return before.id;
  throw new Failure('unknown-id', `there is no checkpoint before ${found.kind} ${found.id}`, {
    hint: 'it may have been pruned; `clew checkpoints` lists those there are',
  });
}

/** Taken for the sake of an undo or a look: who says the last one does not mean these. */
function isOwn({ marks }: Marked): boolean {
  return ['safety', 'undone', 'look', 'import'].includes(marks['reason'] ?? '');
}

/** In the order of their first mention. */
function listNamed(checkpoints: readonly Marked[]): Named[] {
  const seen = new Map<string, Named>();
  // An undo has the id of the checkpoint before it, so that one word leads to both.
  const see = (kind: Kind, id: string) => {
    if (!seen.has(`${kind} ${id}`)) seen.set(`${kind} ${id}`, { kind, id });
  };
  for (const { id, marks, acts } of checkpoints) {
    see('checkpoint', id);
    // An undo that came to nothing left a checkpoint, and no act.
    const { undo: _, ...marked } = marks;
    for (const by of [marked, ...acts.map((act) => act.by as Readonly<Record<string, string>>)])
      for (const kind of ['session', 'turn', 'step', 'undo'] as const) {
        const name = by[kind];
        if (name !== undefined) see(kind, name);
      }
  }
  return [...seen.values()];
}

const relative = /^@(?:last-)?(last|turn|session|step|undo|checkpoint)(?:~(\d+))?$/;

function findRelative(
  named: readonly Named[],
  word: string,
  isLast: (named: Named) => boolean,
): Named {
  const [, what = '', back = '0'] = relative.exec(word) ?? [];
  if (what === '')
    throw new Failure('unknown-id', `${word} means nothing here`, {
      hint: 'use an id that `clew log` or `clew checkpoints` shows, or @turn, @session, @step, @undo or @checkpoint, with ~1 for the one before',
    });
  const all = named.filter((it) => (what === 'last' ? isLast(it) : it.kind === what));
  const found = all.at(-1 - Number(back));
  if (found !== undefined) return found;
  const many = all.length === 0 ? 'none' : `only ${all.length}`;
  throw new Failure('unknown-id', `there is no ${word}: the checkpoints know of ${many}`, {
    hint: '`clew checkpoints` lists those there are; old ones may have been pruned',
  });
}

/** The whole of an id, or at least four letters of its beginning or end. */
function matchId(named: readonly Named[], word: string): Named[] {
  const wanted = word.toUpperCase();
  const whole = named.find((it) => it.id.toUpperCase() === wanted);
  if (whole !== undefined) return [whole];
  if (wanted.length < 4) return [];
  return dropTwins(named).filter(({ id }) => {
    const upper = id.toUpperCase();
    return upper.endsWith(wanted) || upper.startsWith(wanted);
  });
}

function findById(named: readonly Named[], word: string): Named {
  const found = matchId(named, word);
  const [only, other] = found;
  if (only === undefined)
    throw new Failure('unknown-id', `no checkpoint, session, turn or step is called ${word}`, {
      data: { id: word },
      hint: 'give at least four letters of an id that `clew log` or `clew checkpoints` shows; an old one may have been pruned',
    });
  if (other === undefined) return only;
  throw new Failure('ambiguous-id', `${found.length} things are called ${word}`, {
    data: { id: word, candidates: found.slice(0, 10) },
    hint: 'give more letters of the one you mean',
  });
}

/** Of two things with one id the first. */
function dropTwins(named: readonly Named[]): Named[] {
  return [...new Map([...named].reverse().map((it) => [it.id, it])).values()].reverse();
}
