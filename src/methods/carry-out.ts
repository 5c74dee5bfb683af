/** Makes the steps of an undo or a restore happen, keeps what came out, and writes down that it was done. */
import type { Event, UndoApply } from '../contract/types.gen.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import type { Context } from './context.ts';
import { takeWhole } from './take-whole.ts';

export type Work = {
  readonly of: UndoApply['result']['of'];
  readonly session: string | undefined;
  readonly steps: readonly RestoreStep[];
  readonly texts: readonly string[];
  readonly kept: readonly string[];
  readonly outsideLinks: boolean | undefined;
};

type Done = Pick<
  UndoApply['result'],
  'undo' | 'safety' | 'written' | 'removed' | 'skipped' | 'conversation'
>;

export async function carryOut(context: Context, work: Work): Promise<Done> {
  const keeper = await context.keeper();
  const { of, session } = work;
  const { id, at } = context.mint();
  // Everything was looked at just now: what is about to change is looked at once more.
  const { id: safety } = await takeWhole(keeper, {
    id,
    at,
    marks: { reason: 'safety', undo: id, of: of.id },
    paths: work.steps.map(({ path }) => path),
  });
  context.onWriting();
  const report = await keeper.apply(id, work.steps, work.texts, work.outsideLinks);
  const written = [...report.written];
  const removed = [...report.removed];
  // A folder in which something is left stays, as it should.
  const folders = new Set(work.steps.filter(isEmptied).map(({ path }) => path));
  const skipped = report.skipped.filter((path) => !folders.has(path));
  const paths = [...written, ...removed];
  await takeWhole(keeper, {
    ...context.mint(),
    marks: { reason: 'undone', undo: id, of: of.id },
    acts: [{ by: { undo: id }, paths, reach: 'named' }],
    after: safety,
    paths,
  });
  const event: Event = {
    type: 'files-restored',
    undo: id,
    of,
    safety,
    written,
    removed,
    kept: [...work.kept],
    skipped,
  };
  await context.record({ ...(session === undefined ? {} : { session }), event });
  return {
    undo: id,
    safety,
    written,
    removed,
    skipped,
    conversation: 'only files went back: the agent still remembers what it did',
  };
}

function isEmptied({ found, want }: RestoreStep): boolean {
  return want === undefined && found?.mode === '040000';
}
