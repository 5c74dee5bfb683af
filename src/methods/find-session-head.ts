/** The session that somebody means by a word: an id, the end of one, or @session, with ~1 for the one before. */
import { Failure } from '../errors.ts';
import type { KeptHead } from '../store/open-layer-shelf.ts';

const fewestLetters = 4;
/** As with all other commands. */
const relative = /^@(?:last|session|last-session)(?:~(\d{1,6}))?$/;

/** `branch`: of one that was forked, what it left there; else what it goes on in. */
export function findSessionHead(
  heads: readonly KeptHead[],
  asked: string,
  branch?: string,
): KeptHead {
  const [isRelative, back = '0'] = relative.exec(asked) ?? [];
  if (isRelative !== undefined) {
    const last = findLast(heads, Number(back));
    if (last === undefined) throw unknown(asked);
    return last;
  }
  const wanted = asked.toUpperCase();
  const isMeant = ({ session }: KeptHead) =>
    session === wanted || (fewestLetters <= wanted.length && session.endsWith(wanted));
  const meant = heads.filter(isMeant);
  const [newest] = meant;
  if (newest === undefined) throw unknown(asked);
  const ids = [...new Set(meant.map((it) => it.session))];
  if (ids.length === 1)
    return meant.find((it) => branch !== undefined && it.branch === branch) ?? newest;
  const candidates = ids.map((id) => ({ kind: 'session', id }));
  throw new Failure('ambiguous-id', `more than one session ends with ${asked}`, {
    data: { id: asked, candidates },
    hint: 'give more letters',
  });
}

/** Of a session that was forked the newest counts. */
export function findLast(heads: readonly KeptHead[], back = 0): KeptHead | undefined {
  const sorted = heads.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  const newest = new Map<string, KeptHead>();
  for (const head of sorted) if (!newest.has(head.session)) newest.set(head.session, head);
  return [...newest.values()][back];
}

function unknown(asked: string): Failure {
  return new Failure('unknown-id', `nothing is known of a session ${asked} here`, {
    data: { id: asked },
    hint: '`clew state show --sessions` lists those there are',
  });
}
