/** A stretch of text that must not be kept, and how it is taken out. */

export type Hit = { readonly from: number; readonly to: number; readonly reason: string };

/** Values are judged by so much of their beginning; a longer one is taken out to its end. */
export const judgedLength = 512;
const rest = /[A-Za-z0-9+/=_.~%-]*/y;
const restOfHeader = /[^\r\n"'`\\]*/y;

export function extendLong(text: string, hit: Hit): Hit {
  if (hit.to - hit.from < judgedLength) return hit;
  const pattern = hit.reason === 'cookie' ? restOfHeader : rest;
  pattern.lastIndex = hit.to;
  pattern.test(text);
  return { ...hit, to: Math.max(hit.to, pattern.lastIndex) };
}

export const markerStart = '[redacted:';
const marker = (reason: string) => `${markerStart}${reason}]`;

/** Where hits overlap, one marker stands for all of them and carries the widest one's reason. */
export function takeOut(text: string, hits: readonly Hit[]): string {
  let kept = '';
  let from = 0;
  for (const hit of joinOverlapping(spareMarkers(text, hits))) {
    kept += text.slice(from, hit.from) + marker(hit.reason);
    from = hit.to;
  }
  return kept + text.slice(from);
}

const markers = /\[redacted:[\w:-]+\]/g;

/** A marker from before is nobody's secret: what lies inside it is spared, what cuts it takes it whole. */
function spareMarkers(text: string, hits: readonly Hit[]): readonly Hit[] {
  if (!text.includes(markerStart)) return hits;
  const found = [...text.matchAll(markers)].map(
    (it) => [it.index, it.index + it[0].length] as const,
  );
  let first = 0;
  return hits
    .toSorted((a, b) => a.from - b.from)
    .flatMap((hit) => {
      while (first < found.length && (found[first]?.[1] ?? 0) <= hit.from) first += 1;
      return widen(hit, found, first);
    });
}

type Span = readonly [from: number, to: number];

function widen(hit: Hit, found: readonly Span[], first: number): Hit[] {
  let { from, to } = hit;
  for (let at = first; (found[at]?.[0] ?? to) < to; at += 1) {
    const [markerFrom, markerTo] = found[at] ?? [to, to];
    if (markerFrom <= from && to <= markerTo) return [];
    from = Math.min(from, markerFrom);
    to = Math.max(to, markerTo);
  }
  return [{ from, to, reason: hit.reason }];
}

function joinOverlapping(hits: readonly Hit[]): Hit[] {
  const ordered = hits.toSorted((a, b) => a.from - b.from || b.to - a.to);
  const joined: Hit[] = [];
  let widest = 0;
  for (const hit of ordered) {
    const last = joined.at(-1);
    if (last === undefined || last.to <= hit.from) {
      joined.push(hit);
      widest = hit.to - hit.from;
      continue;
    }
    const wider = widest < hit.to - hit.from;
    if (wider) widest = hit.to - hit.from;
    joined[joined.length - 1] = {
      from: last.from,
      to: Math.max(last.to, hit.to),
      reason: wider ? hit.reason : last.reason,
    };
  }
  return joined;
}
