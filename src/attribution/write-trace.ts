/** Origins as records of Agent Trace 0.1.0: written strictly, each range with the hash of its lines. */
import type { EditMetadata, LineRange, TraceRecord } from '../contract/types.gen.ts';
import type { Part } from './cut-parts.ts';
import type { Origin } from './origin.ts';
import { packRuns } from './runs.ts';
import { tellRanges } from './tell-ranges.ts';

export type TracedFile = {
  readonly path: string;
  readonly blob: string;
  /** One character a byte. */
  readonly lines: readonly string[];
  readonly parts: readonly Part[];
  readonly excluded?: string;
};

export type TraceOrder = {
  readonly revision?: string;
  readonly at: number;
  readonly files: readonly TracedFile[];
  /** Clew's own version. */
  readonly version: string;
};

export type TraceGifts = {
  /** In hex; of text that has one character a byte. */
  sha256(text: string): string;
  modelOf(session: string): string | undefined;
  timeOf(id: string): number | undefined;
  describe(files: readonly TracedFile[]): readonly EditMetadata[];
  supersedes(record: Pick<TraceRecord, 'id' | 'vcs' | 'files'>): readonly string[];
};

const contentHash = 'sha256 over the exact bytes of the lines, each ended by LF';

type File = TraceRecord['files'][number];
type Conversation = File['conversations'][number];

export function writeTrace(order: TraceOrder, gifts: TraceGifts): TraceRecord {
  const { revision, at, version } = order;
  const counted = order.files.filter((it) => it.excluded === undefined && it.parts.length > 0);
  const excluded = order.files.flatMap(({ path, excluded: why }) =>
    why === undefined ? [] : [{ path, why }],
  );
  const files = counted.map((file) => writeFile(file, gifts));
  const evidence = counted.flatMap((file) => listEvidence(file, gifts));
  const edits = [...gifts.describe(counted)];
  const head = {
    timestamp: new Date(at).toISOString(),
    ...(revision === undefined ? {} : { vcs: { type: 'git' as const, revision } }),
    tool: { name: 'clew', version },
    files,
  };
  const clew = {
    contentHash,
    ...(revision === undefined ? { provisional: true } : {}),
    blobs: Object.fromEntries(counted.map(({ path, blob }) => [path, blob])),
    evidence,
    edits,
    ...(excluded.length === 0 ? {} : { excluded }),
  };
  const id = nameRecord(gifts.sha256(JSON.stringify([head.vcs, files, clew])));
  const supersedes = [...gifts.supersedes({ id, files, ...(head.vcs && { vcs: head.vcs }) })];
  const metadata = { 'dev.clew': supersedes.length === 0 ? clew : { ...clew, supersedes } };
  return { version: '0.1.0', id, ...head, metadata };
}

/** A UUID of the kind that everybody makes as they like. */
function nameRecord(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

function writeFile({ path, lines, parts }: TracedFile, gifts: TraceGifts): File {
  const conversations = new Map<string, Conversation>();
  for (const { start, origins } of parts) {
    let first = start;
    for (const [count, talk] of joinTalks(origins)) {
      const known = conversations.get(talk.key) ?? openConversation(talk, gifts);
      conversations.set(talk.key, known);
      const hashed = hashLines(lines, { first, last: first + count - 1 }, gifts.sha256);
      known.ranges.push({ start_line: first, end_line: first + count - 1, content_hash: hashed });
      first += count;
    }
  }
  return { path, conversations: [...conversations.values()] };
}

type Span = { readonly first: number; readonly last: number };

/** Lines [first, last], counted from 1. */
export function hashLines(
  lines: readonly string[],
  { first, last }: Span,
  sha256: TraceGifts['sha256'],
): string {
  const text = lines.slice(first - 1, last).map((it) => `${it}\n`);
  return `sha256:${sha256(text.join(''))}`;
}

type Talk = { readonly key: string; readonly by: Origin['by'] };

/** Lines of one turn that stand together are one range, whatever their tool calls. */
function joinTalks(origins: readonly Origin[]): [number, Talk][] {
  const joined: [number, Talk][] = [];
  for (const [count, { by }] of packRuns(origins)) {
    const key = by === undefined ? '' : `${by.session} ${by.turn}`;
    const last = joined.at(-1);
    if (last !== undefined && last[1].key === key) last[0] += count;
    else joined.push([count, { key, by }]);
  }
  return joined;
}

/** Contested lines are nobody's either: the standard has no word for them. */
function openConversation({ by }: Talk, { modelOf }: TraceGifts): Conversation {
  if (by === undefined) return { contributor: { type: 'unknown' }, ranges: [] };
  const model = modelOf(by.session)?.slice(0, 250);
  return {
    url: `clew:session/${by.session}/turn/${by.turn}`,
    contributor: { type: 'ai', ...(model === undefined ? {} : { model_id: model }) },
    ranges: [],
    related: [{ type: 'session', url: `clew:session/${by.session}` }],
  };
}

function listEvidence(
  { path, parts }: TracedFile,
  { timeOf }: TraceGifts,
): { path: string; range: LineRange }[] {
  return parts.flatMap(({ start, origins }) =>
    tellRanges(origins, timeOf, start).map((range) => ({ path, range })),
  );
}
