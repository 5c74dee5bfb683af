/** The session that somebody means by a word: an id, the end of one, or @last. */
import { Failure } from '../errors.ts';
import type { KeptHead } from '../store/open-layer-shelf.ts';

const fewestLetters = 4;

export function findSessionHead(heads: readonly KeptHead[], asked: string): KeptHead {
  if (asked === '@last' || asked === '@last-session') {
    const last = findLast(heads);
    if (last === undefined) throw unknown(asked);
    return last;
  }
  const wanted = asked.toUpperCase();
  const isMeant = ({ session }: KeptHead) =>
    session === wanted || (fewestLetters <= wanted.length && session.endsWith(wanted));
  const [found, ...others] = heads.filter(isMeant);
  if (found === undefined) throw unknown(asked);
  if (others.length === 0) return found;
  const candidates = [found, ...others].map((it) => ({ kind: 'session', id: it.session }));
  throw new Failure('ambiguous-id', `more than one session ends with ${asked}`, {
    data: { id: asked, candidates },
    hint: 'give more letters',
  });
}

export function findLast(heads: readonly KeptHead[]): KeptHead | undefined {
  return heads.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0];
}

function unknown(asked: string): Failure {
  return new Failure('unknown-id', `no session ${asked} has a layer here`, {
    data: { id: asked },
    hint: '`clew state show --sessions` lists those that have',
  });
}
