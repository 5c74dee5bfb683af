/** Where the lines of a file come from as it is on the disk now, also when no checkpoint has it so. */
import { explainVersion } from '../attribution/explain-version.ts';
import type { Origin } from '../attribution/origin.ts';
import { unseen } from '../attribution/origin.ts';
import { originsOf } from '../attribution/origins-of.ts';
import { isBinary, isLinewise, readText } from '../attribution/text-lines.ts';
import { Failure } from '../errors.ts';
import type { Calls } from '../shadow/calls.ts';
import { readPath } from '../snapshot/raw-path.ts';
import type { Version } from '../snapshot/restore-step.ts';
import type { Reading } from '../snapshot/workspace-port.ts';
import { readFileWhole } from '../workspace/read-file.ts';
import type { Context } from './context.ts';
import { nameText } from './name-text.ts';
import { type Attribution, openAttribution } from './open-attribution.ts';
import { orderLook } from './order-look.ts';
import { tellCount } from './tell-count.ts';
import { tellTaken } from './tell-taken.ts';

/** A version of a file, line by line. */
export type Explained = {
  readonly blob: string;
  /** One character a byte. */
  readonly raw: string;
  readonly origins: readonly Origin[];
  readonly notes: readonly string[];
};

const limitBytes = 64 << 20;

export async function explainNow(
  context: Context,
  attribution: Attribution,
  path: string,
): Promise<Explained> {
  const raw = readNow(context, attribution, path);
  const blob = nameText(raw);
  const keeper = await context.keeper();
  const found = await findLast(keeper, attribution, path);
  const isFound = found !== undefined || attribution.ledger.find(blob, path) !== undefined;
  if (isFound) return explain(attribution, { path, raw, blob, last: found });
  // It may have had another name: that shows where everything is looked at.
  await lookAround(context, keeper);
  const anew = await openAttribution(context, { path, blob });
  return explain(anew, { path, raw, blob, last: await findLast(keeper, anew, path) });
}

async function findLast(
  keeper: Calls,
  { checkpoints }: Attribution,
  path: string,
): Promise<Version | undefined> {
  const last = checkpoints.at(-1);
  return (last && (await keeper.versionAt(last.id, path))) ?? undefined;
}

/** Undefined of what is no file, or cannot be read. */
export function nameNow({ workspace }: Context, path: string): string | undefined {
  const reading = readFileWhole(workspace.root, readPath(path), limitBytes);
  return reading.kind === 'read' ? nameText(toText(reading.bytes)) : undefined;
}

/** One character a byte. */
function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Nobody looks twice at the same for nothing. */
async function lookAround(context: Context, keeper: Calls): Promise<void> {
  const order = orderLook(context);
  const taken = await keeper.take({ ...order, unlessSame: true });
  const tookMs = context.mint().at - order.at;
  if (taken.same === true) return;
  await context.record({ event: tellTaken(taken, { reason: 'look', tookMs }) });
}

type Now = {
  readonly path: string;
  readonly raw: string;
  readonly blob: string;
  /** In the last checkpoint. */
  readonly last: Version | undefined;
};

async function explain(
  attribution: Attribution,
  { path, raw, blob, last }: Now,
): Promise<Explained> {
  const { ledger, texts } = attribution;
  const { lines } = readText(raw);
  const page = ledger.find(blob, path);
  if (page !== undefined) return { blob, raw, origins: originsOf(page, lines.length), notes: [] };
  if (last?.oid === blob)
    return { blob, raw, origins: originsOf(undefined, lines.length), notes: [] };
  if (!isLinewise(raw)) {
    const notes = [`${path} is too large to be known line by line`];
    return { blob, raw, origins: originsOf(undefined, lines.length), notes };
  }
  const origins = await explainVersion(lines, {
    parents: last === undefined ? [] : await readVersions(attribution, path, [last.oid]),
    others: iterateVersions({ ledger, texts }, path, ledger.listLost(path)),
  });
  const notes =
    last === undefined
      ? [`no checkpoint has ${path}: it may be left out by .gitignore`]
      : countNew(origins);
  return { blob, raw, origins, notes };
}

function countNew(origins: readonly Origin[]): string[] {
  const count = origins.filter((it) => it === unseen).length;
  return count === 0 ? [] : ['the file has changed since the last checkpoint'];
}

function readNow(context: Context, attribution: Attribution, path: string): string {
  const reading = readFileWhole(context.workspace.root, readPath(path), limitBytes);
  if (reading.kind === 'read') return checkText(reading.bytes, attribution, path);
  const versions = attribution.ledger.listVersions(path).length;
  if (reading.kind === 'gone') throw tellGone(context, path, versions);
  const named = path === '' ? 'the workspace' : path;
  throw new Failure('invalid-params', `${named} has no lines to tell apart: ${tellKind(reading)}`, {
    data: { path, versions },
    hint: 'name a file of the workspace',
  });
}

function tellKind(reading: Exclude<Reading, { readonly kind: 'read' | 'gone' }>): string {
  if ('why' in reading) return reading.why;
  return { folder: 'it is a folder', special: 'it is no regular file', large: 'it is too large' }[
    reading.kind
  ];
}

function tellGone({ workspace }: Context, path: string, versions: number): Failure {
  const way =
    workspace.gitDir === undefined
      ? '`clew restore <checkpoint> -- <file>` gives it back'
      : '`clew blame <file> HEAD` tells of it as last committed';
  const was =
    versions === 0 ? 'clew never saw it' : `clew knows ${tellCount(versions, 'version')} of it`;
  return new Failure('unknown-id', `there is no file ${path}; ${was}`, {
    data: { path, versions },
    hint: versions === 0 ? 'name a file of the workspace' : `it was deleted or renamed; ${way}`,
  });
}

function checkText(bytes: Uint8Array, { ledger }: Attribution, path: string): string {
  const raw = toText(bytes);
  if (!isBinary(raw)) return raw;
  const origin = ledger.find(nameText(raw), path)?.runs[0]?.[1];
  const last =
    origin?.by === undefined
      ? 'nobody knows who changed it last'
      : `session ${origin.by.session} changed it last (${origin.grade})`;
  throw new Failure('invalid-params', `${path} is binary: it has no lines to tell apart`, {
    data: { path, ...(origin ?? {}) },
    hint: last,
  });
}

type Known = { readonly lines: readonly string[]; readonly origins: readonly Origin[] };

async function readVersions(
  attribution: Pick<Attribution, 'ledger' | 'texts'>,
  path: string,
  oids: readonly string[],
): Promise<Known[]> {
  const known: Known[] = [];
  for await (const it of iterateVersions(attribution, path, oids)) known.push(it);
  return known;
}

/** Read only as far as somebody wants them. */
export async function* iterateVersions(
  { ledger, texts }: Pick<Attribution, 'ledger' | 'texts'>,
  path: string,
  oids: readonly string[],
): AsyncGenerator<Known> {
  for (const oid of oids) {
    const raw = await texts.read(oid);
    if (raw === undefined || !isLinewise(raw)) continue;
    const { lines } = readText(raw);
    yield { lines, origins: originsOf(ledger.find(oid, path), lines.length) };
  }
}
