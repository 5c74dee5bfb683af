/** Inside a change: lines of which only spaces, quotes or breaks differ keep their origin, with a flag. */
import { listEdits } from '../snapshot/edit-lines.ts';
import { squeezeLine } from '../snapshot/squeeze-line.ts';
import type { Carrying, Hunk } from './carry-lines.ts';
import { type Origin, withFlag } from './origin.ts';
import { isSameOrigin } from './runs.ts';

/** Longer changes are not looked into token by token. */
const tokenLimit = 4000;

export function keepReformatted(work: Carrying, { from, to, start, end }: Hunk): void {
  if (from === to || start === end) return;
  const old = listSqueezed(work.before.lines, from, to);
  const now = listSqueezed(work.after, start, end);
  let [oldAt, nowAt] = [0, 0];
  const keepTo = (next: number) => {
    for (; oldAt < next; oldAt += 1, nowAt += 1) keep(work, old[oldAt], now[nowAt]);
  };
  const edits = listEdits(
    old.map(({ text }) => text),
    now.map(({ text }) => text),
  );
  for (const edit of edits) {
    keepTo(edit.from);
    const made = now.slice(nowAt, nowAt + edit.lines.length);
    keepReflowed(work, old.slice(edit.from, edit.to), made);
    oldAt = edit.to;
    nowAt += edit.lines.length;
  }
  keepTo(old.length);
}

type Line = { readonly at: number; readonly text: string };

/** Lines of nothing but spaces say nothing. */
function listSqueezed(lines: readonly string[], from: number, to: number): Line[] {
  const squeezed: Line[] = [];
  for (let at = from; at < to; at += 1) {
    const text = squeezeLine(lines[at] ?? '');
    if (text !== '') squeezed.push({ at, text });
  }
  return squeezed;
}

function keep({ before, carried, used }: Carrying, old?: Line, now?: Line): void {
  const origin = old && before.origins[old.at];
  if (old === undefined || now === undefined || origin === undefined) return;
  carried[now.at] = withFlag(origin, 'formatter');
  used.add(old.at);
}

type Token = { readonly at: number; readonly text: string };

/**
 * Broken into other lines: all that was there is there still, in its order. A line that has more than
 * that is somebody's edit.
 */
function keepReflowed(work: Carrying, old: readonly Line[], now: readonly Line[]): void {
  if (old.length === 0 || now.length === 0) return;
  const was = listTokens(work.before.lines, old);
  const is = listTokens(work.after, now);
  if (was === undefined || is === undefined || !was.some(({ text }) => /\w/.test(text))) return;
  const sources = new Map<number, Origin | undefined>();
  let next = 0;
  for (const { at, text } of is) {
    const token = was[next];
    const origin = token && work.before.origins[token.at];
    const isKept = token?.text === text && (!sources.has(at) || isOne(sources.get(at), origin));
    sources.set(at, isKept ? origin : undefined);
    if (token?.text === text) next += 1;
  }
  if (next < was.length) return;
  for (const [at, origin] of sources)
    if (origin !== undefined) work.carried[at] = withFlag(origin, 'formatter');
  for (const { at } of old) work.used.add(at);
}

function isOne(one: Origin | undefined, other: Origin | undefined): boolean {
  return one !== undefined && other !== undefined && isSameOrigin(one, other);
}

/** Without the commas and semicolons that a formatter sets at will. */
function listTokens(lines: readonly string[], chosen: readonly Line[]): Token[] | undefined {
  const all = chosen.flatMap(({ at }) =>
    [...(lines[at] ?? '').matchAll(/[\w$\x80-\xff]+|\S/g)].map(([text]) => ({ at, text })),
  );
  if (all.length > tokenLimit) return undefined;
  return all
    .filter(({ at, text }, place) => {
      if (text !== ',' && text !== ';') return true;
      const next = all[place + 1];
      const isLast = next === undefined || (text === ';' && next.at !== at);
      return !isLast && !/^[)\]}]/.test(next.text);
    })
    .map(({ at, text }) => ({ at, text: /^['`]$/.test(text) ? '"' : text }));
}
