/** What one checkpoint changed, explained file by file and put into the ledger. */

import { applyClaim, type Claim } from './apply-claim.ts';
import { connectLines } from './connect-lines.ts';
import {
  explainChange,
  explainTold,
  findSoleClaim,
  guessText,
  openTruth,
  type Suspect,
} from './explain-change.ts';
import { explainLooked, explainUnsure } from './explain-looked.ts';
import { knowLines } from './know-lines.ts';
import type { Ledger, Page } from './ledger.ts';
import type { Texts, VersionText } from './open-texts.ts';
import { isAgents, type Origin, withFlag } from './origin.ts';
import { originsOf, runsOf } from './origins-of.ts';
import { packRuns, type Run } from './runs.ts';
import { readText } from './text-lines.ts';

export type Version = { readonly oid: string; readonly mode: string };

export type FileChange = {
  readonly path: string;
  /** Its name before, where it was renamed. */
  readonly from?: string;
  readonly before?: Version;
  readonly after?: Version;
  /** The checkpoint before could not say what it was. */
  readonly isUnsure?: boolean;
};

export type ChangedWindow = { readonly id: string; readonly changes: readonly FileChange[] };

export type FoldPorts = {
  readonly texts: Texts;
  suspectsOf(window: string, change: FileChange): Promise<readonly Suspect[]>;
  /** What was told of the file only after that. */
  toldNext?(window: string, change: FileChange): Promise<readonly Suspect[]>;
};

/** What a window taught: put into the ledger already, and to be kept. */
export type Taught = {
  readonly pages: readonly { readonly oid: string; readonly page: Page }[];
  readonly lost: readonly { readonly path: string; readonly oid: string }[];
  /** Tool calls whose word a change of that path bears out. */
  readonly confirmed: readonly (readonly [step: string, path: string])[];
  /** Lines that nobody is credited with; none of a file that went. */
  readonly unclaimed: readonly (readonly [path: string, lines: number])[];
};

const tellingLines = 3;
const tellingChars = 40;

type Learned = { -readonly [K in keyof Taught]: Taught[K][number][] };

export async function foldWindow(
  ledger: Ledger,
  window: ChangedWindow,
  ports: FoldPorts,
): Promise<Taught> {
  const learned: Learned = { pages: [], lost: [], confirmed: [], unclaimed: [] };
  for (const change of window.changes) {
    const suspects = await ports.suspectsOf(window.id, change);
    const toldNext = async () => (await ports.toldNext?.(window.id, change)) ?? [];
    const place = { window: window.id, suspects, toldNext, texts: ports.texts };
    await foldFile(ledger, change, { ...place, learned });
  }
  return learned;
}

type Place = {
  readonly window: string;
  readonly suspects: readonly Suspect[];
  readonly toldNext: () => Promise<readonly Suspect[]>;
  readonly texts: Texts;
};

async function foldFile(
  ledger: Ledger,
  change: FileChange,
  { learned, ...place }: Place & { readonly learned: Learned },
): Promise<void> {
  const { path, from, before, after } = change;
  noteBaseline(ledger, change, learned.pages);
  const { page, proven } = (after && (await explainFile(ledger, change, place))) ?? {};
  if (after !== undefined && page !== undefined) {
    ledger.put(after.oid, page);
    learned.pages.push({ oid: after.oid, page });
  }
  await noteWords(change, { page, proven }, { ...place, learned });
  const now = after && ledger.find(after.oid, path, from);
  if (before === undefined || !isLosing(ledger, change, now)) return;
  for (const name of new Set([path, from ?? path])) {
    ledger.noteLost(name, before.oid);
    learned.lost.push({ path: name, oid: before.oid });
  }
}

/** Whose word the change bears out, and what nobody gave their word for. */
async function noteWords(
  { path, after }: FileChange,
  { page, proven }: Partial<Explained>,
  { window, suspects, texts, learned }: Omit<Place, 'toldNext'> & { readonly learned: Learned },
): Promise<void> {
  const text = after && suspects.length > 0 ? await texts.read(after.oid) : undefined;
  for (const step of listConfirmed(suspects, text, proven)) learned.confirmed.push([step, path]);
  const nobodys = countNobodys(page, window);
  const isTaken = after === undefined && suspects.length === 0;
  if (nobodys > 0 || isTaken) learned.unclaimed.push([path, nobodys]);
}

/** What was there before anybody looked is known too, as nobody's. */
function noteBaseline(
  ledger: Ledger,
  { path, from, before }: FileChange,
  pages: Taught['pages'][number][],
): void {
  if (before === undefined || ledger.find(before.oid, from ?? path) !== undefined) return;
  const page: Page = { path: from ?? path, runs: [], isTelling: false };
  ledger.put(before.oid, page);
  pages.push({ oid: before.oid, page });
}

/** Of a file that went, all who may have taken it away. */
function listConfirmed(
  suspects: readonly Suspect[],
  found: VersionText | undefined,
  proven: Claim | undefined,
): string[] {
  const isTrue = (it: Claim) => it === proven || openTruth(found?.text ?? '')(it);
  return suspects
    .filter(
      ({ claims, isUntold }) =>
        isUntold ||
        claims.some((it) => (found === undefined ? it.after === undefined : isTrue(it))),
    )
    .flatMap(({ by }) => by.step ?? []);
}

function countNobodys(page: Page | undefined, window: string): number {
  const isNobodys = ({ grade, seen }: Origin) =>
    seen === window && (grade === 'U' || grade === 'C');
  return (page?.runs ?? []).reduce((sum, [count, it]) => sum + (isNobodys(it) ? count : 0), 0);
}

type Explained = {
  readonly page: Page;
  /** It alone made the version what it is. */
  readonly proven?: Claim | undefined;
};

/** Undefined where the version is known already. */
async function explainFile(
  ledger: Ledger,
  change: FileChange,
  place: Place,
): Promise<Explained | undefined> {
  const { path, from, after } = change;
  const known = after && ledger.find(after.oid, path, from);
  if (after === undefined || known?.path === path) return undefined;
  const isCopy = known !== undefined && (known.path === from || !(await isToldHere(change, place)));
  if (isCopy) return { page: { ...known, path } };
  const told = await explainSole(ledger, change, place);
  return told ?? { page: await explainWhole(ledger, { ...change, after }, place) };
}

/**
 * Whether somebody told that they made just this out of what was here. Then it is their writing, though another
 * file had the same bytes before: two that are asked for the same write the same.
 */
async function isToldHere(
  { before, after }: FileChange,
  { suspects, texts }: Place,
): Promise<boolean> {
  const claims = suspects.flatMap((it) => (it.witness === 'W' ? it.claims : []));
  if (claims.length === 0 || after === undefined) return false;
  const now = await texts.read(after.oid);
  const old = before === undefined ? nothing : await texts.read(before.oid);
  if (now === undefined || old === undefined) return false;
  return claims.some((it) => applyClaim(old.text, it, now.text) === now.text);
}

/** The usual case, and done without looking at all of the file's text: one claim, and nothing but that. */
async function explainSole(
  ledger: Ledger,
  { path, from = path, before, after, isUnsure }: FileChange,
  { window, suspects, texts }: Place,
): Promise<Explained | undefined> {
  const told = findSoleClaim(suspects);
  if (told === undefined || before === undefined || after === undefined) return undefined;
  if (after.mode === '120000' || isUnsure === true) return undefined;
  const old = await texts.read(before.oid);
  const now = texts.follow(before.oid, told.claim, after.oid);
  if (old === undefined || now === undefined) return undefined;
  const { lines } = old;
  const known = runsOf(ledger.find(before.oid, from), lines.length);
  const runs = explainTold({ lines, runs: known }, now.lines, { told, seen: window });
  const page = { path, runs, isTelling: isTelling(now) };
  return { page, proven: told.claim };
}

async function explainWhole(
  ledger: Ledger,
  { path, from, before, after, isUnsure }: FileChange & { readonly after: Version },
  place: Place,
): Promise<Page> {
  const { window, suspects, texts } = place;
  const old = before === undefined ? nothing : await texts.read(before.oid);
  const guess = old && (() => guessText(old.text, suspects));
  const now =
    after.mode === '120000' ? undefined : await texts.read(after.oid, { alike: old, guess });
  const asked = { oid: before?.oid ?? '', path: from ?? path, ledger, texts };
  const known = now?.isLinewise === true && old ? await knowLines(old, asked) : undefined;
  if (now === undefined || old === undefined || known === undefined) {
    const whole = { before: { text: '', lines: [], origins: [] }, after: readText(' ') };
    const { rest } = explainChange({ ...whole, suspects, seen: window });
    return { path, runs: [[1, withFlag(rest, 'file')]], isTelling: false };
  }
  if (isUnsure === true)
    return { path, runs: explainUnsure(now, suspects, window), isTelling: isTelling(now) };
  const question = { before: { ...known, text: old.text }, after: now, suspects, seen: window };
  const { carried, rest } = await explainLooked(ledger, { path: from ?? path, ...place }, question);
  for (const name of new Set([path, from ?? path]))
    for (const oid of ledger.listLost(name)) {
      if (!carried.includes(undefined)) break;
      await connectTo(ledger, { oid, name, texts }, { carried, after: now });
    }
  return { path, runs: packRuns(carried, rest), isTelling: isTelling(now) };
}

const nothing: VersionText = { raw: '', text: '', chars: 0, lines: [], isLinewise: true };

async function connectTo(
  ledger: Ledger,
  { oid, name, texts }: { oid: string; name: string; texts: Texts },
  { carried, after }: { carried: (Origin | undefined)[]; after: VersionText },
): Promise<void> {
  const found = await texts.read(oid, { alike: after });
  const page = ledger.find(oid, name);
  if (found?.isLinewise !== true || page === undefined) return;
  const { lines } = found;
  connectLines(carried, { lines, origins: originsOf(page, lines.length) }, after.lines);
}

function isTelling(version: VersionText): boolean {
  const { lines } = version;
  // Only of a short one is the text as a whole looked at.
  const breaks =
    lines.length - (lines.length > tellingLines || version.text.endsWith('\n') ? 0 : 1);
  if (breaks < tellingLines) return false;
  let bare = 0;
  for (const line of lines) {
    bare += line.replace(/\s+/g, '').length;
    if (bare >= tellingChars) return true;
  }
  return false;
}

function isLosing(ledger: Ledger, change: FileChange, now: Page | undefined): boolean {
  const { path, from, before } = change;
  const was = before && ledger.find(before.oid, from ?? path);
  return countAgents(now?.runs) < countAgents(was?.runs) || isAnyReplaced(was?.runs, now?.runs);
}

function countAgents(runs: readonly Run[] | undefined): number {
  return (runs ?? []).reduce((sum, [count, origin]) => sum + (isAgents(origin) ? count : 0), 0);
}

/** Lines of some tool call became fewer, whatever others came. */
function isAnyReplaced(was: readonly Run[] | undefined, now: readonly Run[] | undefined): boolean {
  const left = new Map<Origin, number>();
  for (const [count, it] of now ?? []) left.set(it, (left.get(it) ?? 0) + count);
  for (const [count, it] of was ?? []) if (isAgents(it)) left.set(it, (left.get(it) ?? 0) - count);
  // Mostly nothing is: it takes no names to see that.
  if ([...left.values()].every((it) => it >= 0)) return false;
  const counts = countBySeen(now);
  return [...countBySeen(was)].some(([seen, count]) => (counts.get(seen) ?? 0) < count);
}

function countBySeen(runs: readonly Run[] | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [count, origin] of runs ?? []) {
    if (!isAgents(origin)) continue;
    const key = `${origin.seen} ${origin.by?.step}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}
