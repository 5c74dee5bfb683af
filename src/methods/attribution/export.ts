/** attribution/export: who wrote the lines of commits, or of turns, as records of Agent Trace. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { ReadRecord } from '../../attribution/read-trace.ts';
import { type TracedFile, type TraceGifts, writeTrace } from '../../attribution/write-trace.ts';
import type { EditMetadata, TraceRecord } from '../../contract/types.gen.ts';
import { readVersion } from '../../store/clew-version.ts';
import { readUlidTime } from '../../store/ulid.ts';
import type { Context, Handler } from '../context.ts';
import { describeEdits } from '../describe-edit.ts';
import { explainAdded } from '../explain-added.ts';
import { openCommitReader } from '../explain-commit.ts';
import { explainTurn } from '../explain-turn.ts';
import { listCommits, reach } from '../list-commits.ts';
import { type Attribution, openAttribution } from '../open-attribution.ts';
import { type Git, openGit } from '../open-git.ts';
import { openWorktrees } from '../open-worktrees.ts';
import { readNote } from '../read-note.ts';
import { readTraces } from '../read-traces.ts';

type Wanted = { readonly revision?: string; readonly at: number; readonly files: TracedFile[] };

export const attributionExport: Handler<'attribution/export'> = async (context, params) => {
  const { turns = [], revs = turns.length === 0 ? ['HEAD'] : [], earlier } = params;
  const file = earlier === undefined ? undefined : resolve(context.workspace.root, earlier);
  const before = file === undefined ? [] : (readTraces(file)?.records ?? []);
  const attribution = await openAttribution(context);
  const git = revs.length > 0 || before.length > 0 ? openIfAny(context, revs) : undefined;
  try {
    const wanted = [
      ...(await explainTurns(context, attribution, turns)),
      ...(git === undefined ? [] : await explainCommits(context, attribution, { git, revs })),
    ];
    const isReachable = openReach(git);
    const records: TraceRecord[] = [];
    for (const order of wanted) records.push(await write(context, order, { before, isReachable }));
    const fresh = records.filter(({ id }) => !before.some((it) => it.id === id));
    return { records: fresh, known: records.length - fresh.length };
  } finally {
    git?.close();
  }
};

/** Turns need no repository. */
function openIfAny(context: Context, revs: readonly string[]): Git | undefined {
  if (revs.length === 0 && context.workspace.gitDir === undefined) return undefined;
  return openGit(context);
}

async function explainTurns(
  context: Context,
  attribution: Attribution,
  words: readonly string[],
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const word of words) {
    const { turn, files } = await explainTurn(context, attribution, word);
    wanted.push({ at: readUlidTime(turn) ?? 0, files: [...files] });
  }
  return wanted;
}

async function explainCommits(
  context: Context,
  attribution: Attribution,
  { git, revs }: { git: Git; revs: readonly string[] },
): Promise<Wanted[]> {
  const reader = openCommitReader(context, attribution, git);
  const worktrees = openWorktrees(context);
  const wanted: Wanted[] = [];
  for (const revision of listCommits(git, revs)) {
    const files = await explainAdded(git, reader, {
      commit: revision,
      note: readNote(git, revision).note,
      worktrees,
    });
    wanted.push({ revision, at: git.commit(revision).authoredAt, files });
    context.onProgress(wanted.length);
  }
  return wanted;
}

type Past = {
  readonly before: readonly ReadRecord[];
  readonly isReachable: (commit: string) => boolean;
};

async function write(context: Context, order: Wanted, past: Past): Promise<TraceRecord> {
  const counted = order.files.filter((it) => it.excluded === undefined);
  const edits = await describeEdits(context, listEdits(counted));
  const models = new Map(edits.map(({ session, model }) => [session, model]));
  const gifts: TraceGifts = {
    sha256: (text) => createHash('sha256').update(text, 'latin1').digest('hex'),
    modelOf: (session) => models.get(session),
    timeOf: readUlidTime,
    describe: (): readonly EditMetadata[] => edits,
    supersedes: (record) => listSuperseded(record, past),
  };
  return writeTrace({ ...order, version: readVersion() }, gifts);
}

/** One for each tool call and file. */
function listEdits(files: readonly TracedFile[]) {
  const once = new Map(
    files.flatMap(({ path, parts }) =>
      parts
        .flatMap(({ origins }) => origins)
        .filter(({ by }) => by !== undefined)
        .map((origin) => {
          const name = `${path} ${origin.by?.session} ${origin.by?.turn} ${origin.by?.step}`;
          return [name, { origin, path }] as const;
        }),
    ),
  );
  return [...once.values()];
}

/** Of the same commit, told otherwise before; or of one that was rewritten since, with the same lines. */
function listSuperseded(
  { id, vcs, files }: Pick<TraceRecord, 'id' | 'vcs' | 'files'>,
  { before, isReachable }: Past,
): string[] {
  if (vcs === undefined) return [];
  const hashes = new Set(
    files.flatMap(({ conversations }) =>
      conversations.flatMap(({ ranges }) => ranges.map((it) => it.content_hash)),
    ),
  );
  const done = new Set(before.flatMap(({ supersedes }) => supersedes));
  return before
    .filter((it) => it.id !== id && !done.has(it.id) && it.revision !== undefined)
    .filter(
      ({ revision = '', ranges }) =>
        revision === vcs.revision ||
        (!isReachable(revision) &&
          ranges.some((it) => it.hash !== undefined && hashes.has(it.hash))),
    )
    .map((it) => it.id);
}

function openReach(git: Git | undefined): (commit: string) => boolean {
  let known: ReadonlySet<string> | undefined;
  return (commit) => {
    if (git === undefined) return true;
    known ??= reach(git, [git.resolve('HEAD')]);
    return known.has(commit);
  };
}
