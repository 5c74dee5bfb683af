/** Numbers checkpoints in the order in which they are taken; used by the one process that leads. */
import type { Failpoint } from './durable-file.ts';
import type { Store } from './open-store.ts';
import { noteLaggard, readNewest } from './read-newest.ts';
import { listRefs } from './write-ref.ts';

export type Numbers = {
  give(id: string): number;
  /** The checkpoint did not come to be: a number missing would tell of one that was forgotten. */
  takeBack(): void;
};

export function openNumbers(store: Store, failpoint: Failpoint): Numbers {
  const { gitDir } = store;
  let last: number | undefined;
  let highestId: string | undefined;
  return {
    give(id) {
      const number = (last ?? readNewest(store)?.number ?? 0) + 1;
      highestId ??= listRefs(gitDir, 'checkpoints').at(-1) ?? '';
      if (id < highestId) noteLaggard(gitDir, { id, number }, failpoint);
      else highestId = id;
      last = number;
      return number;
    },
    takeBack() {
      last = undefined;
    },
  };
}
