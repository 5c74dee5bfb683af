/** What the drift methods begin with: the repository as it is now, and the sessions that are kept with their ground. */
import type { Ground } from '../contract/types.gen.ts';
import type { RepoEvent } from '../drift/fold-moves.ts';
import { parseGround, type SessionGround } from '../drift/ground.ts';
import type { Sight } from '../drift/meet-ground.ts';
import { Failure } from '../errors.ts';
import { lookAtGround } from '../repo/look-at-ground.ts';
import type { RepoState } from '../repo/open-moves.ts';
import { canReadRefs } from '../repo/read-table-stack.ts';
import { openPack } from '../shadow/open-pack.ts';
import { type DriftFiles, openDriftFiles } from '../store/drift-files.ts';
import { openBlobIds } from '../workspace/open-blob-ids.ts';
import type { Context } from './context.ts';
import { tellMoves } from './tell-moves.ts';

export type DriftLook = {
  readonly ground: Ground;
  /** Events that the repository has told of. */
  readonly count: number;
  readonly files: DriftFiles;
  /** The one that was last at work first. */
  readonly sessions: readonly SessionGround[];
  sightOf(kept: SessionGround): Sight;
  blobOf: Sight['blobOf'];
};

export async function openDriftLook(context: Context): Promise<DriftLook> {
  const { root, gitDir, gitCommonDir } = context.workspace;
  if (gitDir === undefined || gitCommonDir === undefined)
    throw new Failure('no-repository', `${root} is in no git repository`, {
      data: { folder: root },
      hint: 'there is no ground that could move: go to a work tree of a repository',
    });
  if (!canReadRefs(gitDir, gitCommonDir))
    throw new Failure('no-repository', `the refs of ${root} cannot be read`, {
      data: { folder: root },
      hint: 'they are in reftables that are damaged or of a kind that clew does not know: drift is not watched here',
    });
  const files = openDriftFiles(context.folder());
  const moves = await tellMoves(context);
  const { count = 0, recent = [] } = moves?.told() ?? {};
  const state: RepoState = moves?.state() ?? context.head();
  const { held, ...place } = state;
  const ground = { worktree: root, ...place, ...(held === undefined ? {} : { operation: held }) };
  const blobOf = openBlobIds(root);
  const sessions = files.list().map((it) => parseGround(files.of(it).read()));
  return {
    ...{ ground, count, files, blobOf },
    sessions: sessions.filter((it) => it !== undefined),
    sightOf: ({ run }) => ({
      ...{ ground, count, recent, blobOf },
      isOwn: ({ actor }: RepoEvent) => actor.run === run,
      look: (before) => lookAtGround(gitCommonDir, before, ground, openPack),
      drift: context.mint().id,
      isAtWork: false,
    }),
  };
}

/** By clew's id, the end of it, or the agent's own id. */
export function findKept(sessions: readonly SessionGround[], name: string): SessionGround {
  const end = name.toUpperCase();
  const found = sessions.filter((it) => it.agentSession === name || it.session.endsWith(end));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const data = { session: name };
  if (only === undefined)
    throw new Failure('unknown-id', `no session ${name} stands on any ground here`, {
      data,
      hint: '`clew drift status --all` lists those that do',
    });
  throw new Failure('ambiguous-id', `${found.length} sessions are called ${name}`, {
    data: { ...data, sessions: found.map((it) => it.session) },
    hint: 'give more of its id',
  });
}
