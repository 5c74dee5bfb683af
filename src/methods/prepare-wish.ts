/** What an undo would do, whatever is meant: something that was done, or lines that were lost. */
import type { UndoPlan } from '../contract/types.gen.ts';
import type { Context } from './context.ts';
import { prepareLost } from './prepare-lost.ts';
import { type Prepared, prepareUndo } from './prepare-undo.ts';

export function prepareWish(context: Context, wish: UndoPlan['params']): Promise<Prepared> {
  const { lost } = wish;
  return lost === undefined ? prepareUndo(context, wish) : prepareLost(context, { ...wish, lost });
}
