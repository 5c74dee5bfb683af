/** Where in a journal file a reader is, and what the next line means there: judged line by line. */
import { Buffer } from 'node:buffer';
import type { Event, JournalHeader, JournalProblem } from '../contract/types.gen.ts';
import { countLost, type Entry } from '../journal/entry.ts';
import { type Checked, checkLine, isHeader, journalVersion } from './journal-line.ts';
import { parseJournalName } from './journal-names.ts';
import type { FileLine } from './read-lines.ts';

/** Where reading goes on: after the line with this seq and sum, which ends before this byte. */
export type JournalCursor = { readonly offset: number; readonly seq: number; readonly sum: string };

export type JournalItem =
  /** `offset` and `sum` make, with the entry's seq, the cursor behind it. */
  | { readonly entry: Entry; readonly offset: number; readonly sum: string }
  | { readonly problem: JournalProblem };

export type JournalPlace = {
  readonly name: string;
  readonly writer: string;
  /** Lines are counted only from the beginning of the file. */
  line: number | undefined;
  header: JournalHeader | undefined;
  /** The line before, when it is known. */
  last: { readonly seq: number; readonly sum: string } | undefined;
  /** Behind the last good line. */
  end: JournalCursor | undefined;
  isOver: boolean;
};

type Piece = { readonly checked: Checked; readonly end: number };
type EntryLine = Checked & { readonly value: Omit<Entry, 'writer'> & { readonly prev: string } };

export function openPlace(name: string, from: JournalCursor | undefined): JournalPlace {
  const start = from === undefined || from.offset === 0 ? undefined : from;
  return {
    name,
    writer: parseJournalName(name)?.writer ?? name,
    line: start === undefined ? 0 : undefined,
    header: undefined,
    last: start,
    end: start,
    isOver: false,
  };
}

/** The usual case, and only that: the entry that follows the one before. */
export function takeNext(place: JournalPlace, line: FileLine): JournalItem | undefined {
  if (place.last === undefined || !line.isWhole || line.isCut) return undefined;
  const checked = checkLine(line.bytes);
  if (checked === undefined || !isEntryLine(checked)) return undefined;
  if (explainBreak(place, checked) !== undefined) return undefined;
  if (place.line !== undefined) place.line += 1;
  return takeEntry(place, checked, line.offset + line.length);
}

/** Everything else: a first line, a torn one, a damaged one, one that does not follow. */
export function readOddLine(place: JournalPlace, line: FileLine): JournalItem[] {
  if (place.line !== undefined) place.line += 1;
  const { offset, length } = line;
  if (!line.isWhole)
    return [tell(place, offset, 'torn-tail', `its last ${length} bytes are no whole line`)];

  const whole = line.isCut ? undefined : checkLine(line.bytes);
  if (whole !== undefined)
    return readPiece(place, offset, { checked: whole, end: offset + length });
  // How much is missing nobody knows, so what comes next need not follow what came before.
  place.last = undefined;
  return [
    tell(place, offset, damageOf(offset), 'a line is not what was written'),
    ...findPieces(line).flatMap((piece) => readPiece(place, offset, piece)),
  ];
}

function damageOf(offset: number): JournalProblem['kind'] {
  return offset === 0 ? 'bad-header' : 'bad-line';
}

function readPiece(place: JournalPlace, offset: number, { checked, end }: Piece): JournalItem[] {
  if (isHeader(checked.value)) return readHeader(place, offset, checked.value, end);
  if (!isEntryLine(checked)) return [tell(place, offset, damageOf(offset), 'a line is no entry')];
  const isHeadless = offset === 0 && place.header === undefined;
  const why = explainBreak(place, checked);
  return [
    ...(isHeadless ? [tell(place, offset, 'bad-header', 'its first line is missing')] : []),
    ...(why === undefined ? [] : [tell(place, offset, 'bad-chain', why)]),
    takeEntry(place, checked, end),
  ];
}

function readHeader(
  place: JournalPlace,
  offset: number,
  header: JournalHeader,
  end: number,
): JournalItem[] {
  if (offset !== 0) return [tell(place, offset, 'bad-line', 'a first line stands in the middle')];
  place.header = header;
  place.last = { seq: header.seq, sum: header.sum };
  place.end = { offset: end, ...place.last };
  if (header.v > journalVersion) {
    place.isOver = true;
    return [tell(place, 0, 'newer-version', `it is of version ${header.v}, a newer clew wrote it`)];
  }
  return header.writer === place.writer
    ? []
    : [tell(place, 0, 'bad-header', `it was written by ${header.writer}`)];
}

function takeEntry(place: JournalPlace, { value, sum }: EntryLine, offset: number): JournalItem {
  const { seq, at, mono, session } = value;
  const event = value.event as Event;
  place.last = { seq, sum };
  place.end = { offset, seq, sum };
  const { writer } = place;
  const entry: Entry =
    session === undefined
      ? { writer, seq, at, mono, event }
      : { writer, seq, at, mono, session, event };
  return { entry, offset, sum };
}

/** Numbers are missing only where it is said that so many notes were lost, or dropped later. */
function explainBreak({ last }: JournalPlace, { value }: EntryLine): string | undefined {
  if (last === undefined) return undefined;
  if (value.prev !== last.sum) return `entry ${value.seq} does not follow the line before it`;
  const missing = value.seq - last.seq - 1;
  const lost = countLost(value.event);
  return missing === lost ? undefined : `entry ${value.seq} follows entry ${last.seq}`;
}

function isEntryLine(checked: Checked): checked is EntryLine {
  const { seq, at, mono, event } = checked.value;
  return (
    typeof seq === 'number' &&
    typeof at === 'number' &&
    typeof mono === 'number' &&
    typeof event === 'object' &&
    event !== null
  );
}

const entryOpens = Buffer.from('{"seq":');
const lineCloses = Buffer.from('"}');

/** When a newline was damaged, the lines on both of its sides are whole, and each can prove it. */
function findPieces({ bytes, offset, isCut }: FileLine): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const next of isCut ? [] : [...findSeams(bytes), bytes.length + 1]) {
    const checked = checkLine(bytes.subarray(start, next - 1));
    if (checked !== undefined) pieces.push({ checked, end: offset + next });
    start = next;
  }
  return pieces;
}

function* findSeams(bytes: Buffer): Generator<number> {
  for (let at = bytes.indexOf(entryOpens, 1); at > 0; at = bytes.indexOf(entryOpens, at + 1))
    if (bytes.subarray(at - 3, at - 1).equals(lineCloses)) yield at;
}

function tell(
  { name, line }: JournalPlace,
  offset: number,
  kind: JournalProblem['kind'],
  message: string,
): JournalItem {
  const where = line === undefined ? { offset } : { line, offset };
  return { problem: { file: name, ...where, kind, message: `${name}: ${message}` } };
}
