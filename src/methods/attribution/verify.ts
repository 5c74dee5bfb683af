/** attribution/verify: recomputes every hash of exported records, and folds anew what is kept. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { ReadRange, ReadRecord } from '../../attribution/read-trace.ts';
import { readText } from '../../attribution/text-lines.ts';
import { hashLines } from '../../attribution/write-trace.ts';
import { Failure } from '../../errors.ts';
import type { Context, Handler } from '../context.ts';
import { type Attribution, checkAttribution } from '../open-attribution.ts';
import { type Git, openGit } from '../open-git.ts';
import { readTraces } from '../read-traces.ts';

const usualFile = '.agent-trace/traces.jsonl';

export const attributionVerify: Handler<'attribution/verify'> = async (context, { file }) => {
  const { root, gitDir } = context.workspace;
  const place = file === undefined ? join(root, usualFile) : resolve(root, file);
  const traces = readTraces(place);
  if (traces === undefined && file !== undefined)
    throw new Failure('unknown-id', `there is no file ${file}`, { data: { file: place } });
  const { attribution, versions, problems } = await checkAttribution(context);
  const git = gitDir === undefined ? undefined : openGit(context);
  try {
    const tally = { ranges: 0, superseded: 0, unknown: 0, problems: [...problems] };
    for (const line of traces?.broken ?? []) tally.problems.push(`line ${line} is no record`);
    const records = traces?.records ?? [];
    const superseded = new Set(records.flatMap((it) => it.supersedes));
    for (const record of records)
      await checkRecord(record, { git, attribution, superseded, tally, context });
    return { records: records.length, versions, ...tally, sound: tally.problems.length === 0 };
  } finally {
    git?.close();
  }
};

type Checking = {
  readonly git: Git | undefined;
  readonly attribution: Attribution;
  readonly superseded: ReadonlySet<string>;
  readonly tally: { ranges: number; superseded: number; unknown: number; problems: string[] };
  readonly context: Context;
};

async function checkRecord(record: ReadRecord, checking: Checking): Promise<void> {
  const { git, superseded, tally } = checking;
  const { id, revision, ranges } = record;
  const isThere = revision === undefined || git?.has(revision) === true;
  if (!isThere && superseded.has(id)) {
    tally.superseded += 1;
    return;
  }
  if (!isThere) {
    tally.problems.push(`record ${id}: commit ${revision} is not in this repository`);
    return;
  }
  const texts = new Map<string, readonly string[] | undefined>();
  for (const range of ranges) {
    const { path } = range;
    if (!texts.has(path)) texts.set(path, await readLines(record, path, checking));
    const wrong = checkRange(range, texts.get(path), tally);
    if (wrong !== undefined) tally.problems.push(`record ${id}: ${path}: ${wrong}`);
  }
}

async function readLines(
  { revision, blobs }: ReadRecord,
  path: string,
  { git, attribution }: Checking,
): Promise<readonly string[] | undefined> {
  const oid = revision === undefined ? blobs[path] : git?.version(revision, path)?.oid;
  if (oid === undefined) return undefined;
  const raw = revision === undefined ? await attribution.texts.read(oid) : git?.text(oid);
  return raw === undefined ? undefined : readText(raw).lines;
}

/** What is wrong with it, if anything. */
function checkRange(
  { first, last, hash }: ReadRange,
  lines: readonly string[] | undefined,
  tally: Checking['tally'],
): string | undefined {
  if (lines === undefined) return 'its text is not there';
  if (first === 0 || last < first || lines.length < last) return `it has no lines ${first}-${last}`;
  if (hash === undefined || !/^sha256:[0-9a-f]{64}$/.test(hash)) {
    tally.unknown += 1;
    return undefined;
  }
  tally.ranges += 1;
  const found = hashLines(lines, { first, last }, (text) =>
    createHash('sha256').update(text, 'latin1').digest('hex'),
  );
  return found === hash ? undefined : `lines ${first}-${last} are not what was hashed`;
}
