/** The repositories that this run works in: each is watched from its first session on, and what moves is told. */
import type { Event } from '../contract/types.gen.ts';
import type { RepoEvent } from '../drift/fold-moves.ts';
import { type Moves, openMoves } from '../repo/open-moves.ts';
import { openRepoWatch, type RepoWatch } from '../repo/open-repo-watch.ts';
import type { RepoPlace } from '../repo/read-moves.ts';
import type { MovesPlace } from '../store/moves-place.ts';

export type WatchedPlace = {
  readonly repo: RepoPlace;
  readonly state: MovesPlace;
  /** The journal that is written there. */
  readonly writer: string;
};

export type WatchPorts = {
  /** Undefined for a workspace without a repository, or without a journal. */
  placeOf(root: string): WatchedPlace | undefined;
  redact(event: RepoEvent): RepoEvent;
  /** Fulfilled when it is safe. */
  tell(root: string, events: readonly Event[]): Promise<void>;
  /** Something moved, or somebody else told that it did. */
  moved(root: string): void;
  complain(doing: string, error: unknown): void;
};

export type Watches = {
  /** Opened on first use; undefined where there is nothing to watch. */
  of(root: string): Moves | undefined;
  close(): Promise<void>;
};

type Watched = { readonly moves: Moves; readonly watch: RepoWatch };

export function openWatches(ports: WatchPorts): Watches {
  const known = new Map<string, Watched | undefined>();

  function open(root: string): Watched | undefined {
    const place = ports.placeOf(root);
    if (place === undefined) return undefined;
    const { repo, state, writer } = place;
    const tell = (events: readonly RepoEvent[]) => ports.tell(root, events);
    const moves = openMoves(repo, { ...state, writer, tell, redact: ports.redact });
    let seen: number | undefined;
    const watch = openRepoWatch(repo, () => {
      tryLook(root, () => {
        moves.look();
        const { count } = moves.told();
        const isNews = seen !== undefined && seen !== count;
        seen = count;
        if (isNews) ports.moved(root);
      });
    });
    return { moves, watch };
  }

  /** A disk that refuses, or a repository that somebody takes apart just now, keeps nobody from working. */
  function tryLook<T>(root: string, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      ports.complain(`reading the repository of ${root}`, error);
      return undefined;
    }
  }

  return {
    of(root) {
      if (!known.has(root))
        known.set(
          root,
          tryLook(root, () => open(root)),
        );
      return known.get(root)?.moves;
    },
    async close() {
      for (const it of known.values()) {
        it?.watch.check();
        it?.watch.close();
      }
      await Promise.allSettled([...known.values()].map((it) => it?.moves.settle()));
    },
  };
}
