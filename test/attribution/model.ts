/** An independent model of who wrote what: every line ever written has a character that no other line has. */

import { isDeepStrictEqual } from 'node:util';
import type { Claim } from '../../src/attribution/apply-claim.ts';
import type { Suspect } from '../../src/attribution/explain-change.ts';
import { type FileChange, foldWindow } from '../../src/attribution/fold-window.ts';
import { openLedger } from '../../src/attribution/ledger.ts';
import { openTexts } from '../../src/attribution/open-texts.ts';
import type { Origin } from '../../src/attribution/origin.ts';
import { originsOf } from '../../src/attribution/origins-of.ts';
import { readText } from '../../src/attribution/text-lines.ts';
import { byteHands } from '../../src/methods/byte-hands.ts';
import { nameText } from '../../src/methods/name-text.ts';

/** Where in the file, how much of it goes, and how many lines come: by fractions, so that any file will do. */
export type Edit = { readonly at: number; readonly gone: number; readonly made: number };

export type Op =
  | { readonly kind: 'person'; readonly edit: Edit }
  /** An agent's edit, told to the letter. */
  | {
      readonly kind: 'claim';
      readonly agent: string;
      readonly edit: Edit;
      readonly isWhole: boolean;
      /** A formatter goes over it at once. */
      readonly isFormatted: boolean;
      /** It stays possible until the next look. */
      readonly lingers: boolean;
    }
  /** One that was told and never done. */
  | { readonly kind: 'refused'; readonly agent: string; readonly edit: Edit }
  | { readonly kind: 'command'; readonly agent: string; readonly edit: Edit }
  /** Two agents at work, and one of them wrote. */
  | { readonly kind: 'race'; readonly edit: Edit }
  /** An agent's told edit, and a person's in the same window. */
  | { readonly kind: 'both'; readonly agent: string; readonly edit: Edit; readonly other: Edit }
  | { readonly kind: 'indent' }
  | { readonly kind: 'rename' }
  | { readonly kind: 'ends' }
  /** Back to a version seen before, as a checkout or stash does. */
  | { readonly kind: 'back'; readonly to: number }
  /** A block to another place. */
  | { readonly kind: 'move'; readonly from: number; readonly to: number };

/** Who may be credited with a line, for the model: whoever told it, or was alone, or nobody. */
type Author = { readonly who: string; readonly how: 'W' | 'X' | 'C' | 'U' };

type Line = { readonly sign: string; readonly text: string };

export type Tally = Record<string, number>;

const firstSign = 0x4e00;

/** Throws with the whole story at the first line that is credited to an agent without evidence. */
export async function playOps(ops: readonly Op[], tally: Tally): Promise<void> {
  const authors = new Map<string, Author>();
  const blobs = new Map<string, string>();
  const ledger = openLedger();
  const seen: Line[][] = [];
  const lingering: Suspect[] = [];
  let signs = 0;
  let path = 'f';
  let lines: Line[] = [];
  let isDos = false;
  let last: { oid: string; path: string } | undefined;

  const make = (count: number, author: Author): Line[] =>
    Array.from({ length: count }, () => {
      const sign = String.fromCodePoint(firstSign + signs);
      signs += 1;
      authors.set(sign, author);
      // Much alike but for the sign, as lines of code are; some are nothing but the sign.
      const text = signs % 3 === 0 ? sign : `  call(${sign}, value);`;
      return { sign, text };
    });

  const textOf = (all: readonly Line[]) => all.map(({ text }) => `${text}\n`).join('');
  const raw = (text: string) => Buffer.from(text).toString('latin1');
  const keep = (text: string) => {
    const oid = nameText(raw(text));
    blobs.set(oid, raw(text));
    return oid;
  };
  const sources = { read: async (oid: string) => blobs.get(oid), name: nameText, bytes: byteHands };
  const texts = openTexts(sources);
  // Nothing can be proven by a name here: each version is read, and looked at as a whole.
  const slow = { ledger: openLedger(), texts: openTexts({ ...sources, bytes: nameless }) };

  function cut(all: readonly Line[], { at, gone, made }: Edit, author: Author) {
    const from = Math.min(all.length, Math.floor(at * (all.length + 1)));
    const to = Math.min(all.length, from + gone);
    const fresh = make(made, author);
    const [first, end] = [Math.max(0, from - 1), Math.min(all.length, to + 1)];
    const before = textOf(all.slice(first, end));
    const after = textOf([...all.slice(first, from), ...fresh, ...all.slice(to, end)]);
    const next = [...all.slice(0, from), ...fresh, ...all.slice(to)];
    return { next, claim: { before: raw(before), after: raw(after), isWhole: false } as Claim };
  }

  const suspect = (agent: string, claims: readonly Claim[], isAble = false): Suspect => ({
    by: { session: agent, turn: `t${seen.length}`, step: `${agent}${seen.length}` },
    claims,
    witness: 'W',
    isUntold: false,
    isAble,
  });

  const indent = () => {
    lines = lines.map(({ sign, text }) => ({ sign, text: `  ${text}` }));
  };

  /** What each does to the lines; answers who may have done it, as far as anybody can know. */
  const doings: { [K in Op['kind']]: (op: Op & { kind: K }) => readonly Suspect[] } = {
    person({ edit }) {
      lines = cut(lines, edit, { who: 'person', how: 'U' }).next;
      return [];
    },
    claim({ edit, agent, isWhole, isFormatted, lingers: stays }) {
      const { next, claim } = cut(lines, edit, { who: agent, how: 'W' });
      const [before, after] = [raw(textOf(lines)), raw(textOf(next))];
      lines = next;
      if (isFormatted) indent();
      const found = suspect(agent, [isWhole ? { before, after, isWhole } : claim]);
      if (stays) lingering.push(found);
      return [found];
    },
    refused({ edit, agent }) {
      const found = suspect(agent, [cut(lines, edit, { who: 'nobody', how: 'U' }).claim]);
      lingering.push(found);
      return [found];
    },
    command({ edit, agent }) {
      lines = cut(lines, edit, { who: agent, how: 'X' }).next;
      return [suspect(agent, [], true)];
    },
    race({ edit }) {
      lines = cut(lines, edit, { who: 'A or B', how: 'C' }).next;
      return [suspect('A', [], true), suspect('B', [], true)];
    },
    both({ edit, other, agent }) {
      const { next, claim } = cut(lines, edit, { who: agent, how: 'W' });
      lines = cut(next, other, { who: 'person', how: 'U' }).next;
      return [suspect(agent, [claim])];
    },
    indent() {
      indent();
      return [];
    },
    rename() {
      path = `f${seen.length}`;
      return [];
    },
    ends() {
      isDos = !isDos;
      return [];
    },
    back({ to }) {
      lines = [...(seen[Math.floor(to * seen.length)] ?? lines)];
      return [];
    },
    move(op) {
      moveBlock(op);
      return [];
    },
  };

  /** What was told stays possible in the next window too, as where others look in between. */
  function perform(op: Op): readonly Suspect[] {
    const before = lingering.splice(0);
    return [...before, ...(doings[op.kind] as (op: Op) => readonly Suspect[])(op)];
  }

  function moveBlock({ from, to }: { from: number; to: number }): void {
    const first = Math.floor(from * lines.length);
    const block = lines.slice(first, first + 4);
    const left = [...lines.slice(0, first), ...lines.slice(first + 4)];
    const place = Math.floor(to * (left.length + 1));
    lines = [...left.slice(0, place), ...block, ...left.slice(place)];
  }

  async function look(window: string, suspects: readonly Suspect[]): Promise<void> {
    const text = isDos ? textOf(lines).replaceAll('\n', '\r\n') : textOf(lines);
    const oid = keep(text);
    if (last?.oid === oid && last.path === path) return;
    const version = (id: string) => ({ oid: id, mode: '100644' });
    const change: FileChange = {
      path,
      ...(last === undefined ? {} : { before: version(last.oid) }),
      ...(last === undefined || last.path === path ? {} : { from: last.path }),
      after: version(oid),
    };
    const changed = { id: window, changes: [change] };
    const suspectsOf = async () => suspects;
    const taught = await foldWindow(ledger, changed, { texts, suspectsOf });
    const same = await foldWindow(slow.ledger, changed, { texts: slow.texts, suspectsOf });
    if (!isDeepStrictEqual(taught, same)) throw new Error('read as a whole, it teaches otherwise');
    last = { oid, path };
  }

  function check(): void {
    if (last === undefined) return;
    const { lines: found } = readText(blobs.get(last.oid) ?? '');
    const origins = originsOf(ledger.find(last.oid, last.path), found.length);
    for (const [at, { sign }] of lines.entries()) {
      const author = authors.get(sign) ?? { who: 'nobody', how: 'U' };
      const origin = origins[at] ?? { grade: 'U' };
      const wrong = judge(author, origin);
      if (wrong !== undefined) throw new Error(`line ${at + 1} (${sign}): ${wrong}`);
      const name = `${author.how} as ${origin.grade}`;
      tally[name] = (tally[name] ?? 0) + 1;
    }
  }

  lines = make(6, { who: 'person', how: 'U' });
  await look('w0', []);
  seen.push(lines);
  for (const [at, op] of ops.entries()) {
    const suspects = perform(op);
    await look(`w${at + 1}`, suspects);
    seen.push(lines);
    check();
  }
}

const nameless = { ...byteHands, name: () => '' };

/** Crediting too little is a matter of coverage; crediting anybody without evidence is wrong. */
function judge({ who, how }: Author, { grade, by }: Origin): string | undefined {
  if (grade === 'U') return undefined;
  const credited = by === undefined ? 'several' : by.session;
  const isRight =
    (how === 'W' && grade === 'W' && credited === who) ||
    (how === 'X' && grade === 'X' && credited === who) ||
    (how === 'C' && grade === 'C');
  return isRight ? undefined : `${who} wrote it (${how}), and ${credited} is credited (${grade})`;
}
