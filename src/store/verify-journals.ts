/** Reads every journal of a folder from end to end and says what is wrong where; changes nothing. */
import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalProblem, JournalVerify } from '../contract/types.gen.ts';
import { noSum } from './journal-line.ts';
import { journalName, listJournals } from './journal-names.ts';
import { type JournalEnd, readJournalFile } from './journal-reader.ts';
import { readLeases } from './lease.ts';

type Verdict = JournalVerify['result'];
type Listed = ReturnType<typeof listJournals>[number];
type ReadFile = {
  readonly entries: number;
  readonly problems: JournalProblem[];
  readonly end: JournalEnd;
};

/** So that whoever asked in a busy process does not hold it up. */
const entriesPerTurn = 2000;

export async function verifyJournals(folder: string): Promise<Verdict> {
  // In this order: a writer takes its lease before it makes a file, and gives it back after the last line.
  const journals = listJournals(folder);
  const leases = readLeases(folder).filter((it) => it.state !== 'stale');
  const living = new Set(leases.map((it) => it.writer));
  const files: Verdict['files'] = [];
  const problems: JournalProblem[] = [];
  let before: { readonly listed: Listed; readonly end: JournalEnd } | undefined;

  for (const [index, listed] of journals.entries()) {
    const isLast = journals[index + 1]?.writer !== listed.writer;
    const isOpen = isLast && living.has(listed.writer);
    const read = await readFile(listed);
    if (before?.listed.writer !== listed.writer) before = undefined;
    problems.push(...findMissing(listed, before?.listed.file ?? 0));
    const isNext = before?.listed.file === listed.file - 1;
    problems.push(...checkSeam(listed, read.end, isNext ? before?.end : undefined));
    // What a living writer is just writing may be half there.
    problems.push(...read.problems.filter((it) => !(isOpen && it.kind === 'torn-tail')));
    const bytes = statSync(listed.path, { throwIfNoEntry: false })?.size ?? 0;
    const { name: file, writer } = listed;
    files.push({ file, writer, entries: read.entries, bytes, open: isOpen });
    before = { listed, end: read.end };
  }
  return { files, problems, sound: problems.length === 0 };
}

async function readFile({ path }: Listed): Promise<ReadFile> {
  const problems: JournalProblem[] = [];
  const items = readJournalFile(path);
  for (let entries = 0; ; ) {
    const next = items.next();
    if (next.done === true) return { entries, problems, end: next.value };
    if ('problem' in next.value) problems.push(next.value.problem);
    else entries += 1;
    if (entries % entriesPerTurn === 0) await nextTurn();
  }
}

function findMissing({ writer, file }: Listed, before: number): JournalProblem[] {
  return Array.from({ length: file - before - 1 }, (_, index) => {
    const name = journalName(writer, before + 1 + index);
    return { file: name, kind: 'missing-file', message: `${name}: it is not there` };
  });
}

/** Whether a file goes on exactly where the file before it ended. */
function checkSeam(
  { name, file }: Listed,
  { header }: JournalEnd,
  before: JournalEnd | undefined,
): JournalProblem[] {
  const says = (message: string): JournalProblem[] => [
    { file: name, line: 1, offset: 0, kind: 'bad-chain', message: `${name}: ${message}` },
  ];
  if (header === undefined) return [];
  if (header.file !== file) return says(`it was file ${header.file} of its writer`);
  if (file === 1) return header.prev === noSum ? [] : says('something came before the first file');
  const last = before?.last;
  // A file before that is damaged, or not there at all, has its own word already.
  if (last === undefined || header.prev === last.sum) return [];
  // It was written anew, and says which line stood last in it before.
  if (header.prev === before?.header?.shortened?.last) return [];
  return says('it does not follow the file before it');
}
