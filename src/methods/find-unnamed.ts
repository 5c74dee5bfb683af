/** The files that a session, turn or step changed, as its checkpoints tell, without naming them: mostly by commands. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LogShow } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { findSpan, gatherEdits, type PathEdits, type Scope } from '../undo/gather-edits.ts';
import { isTorn } from '../undo/is-torn.ts';
import type { Context } from './context.ts';

type Unnamed = NonNullable<LogShow['result']['unnamed']>;

/** Undefined where no checkpoint can tell. */
export async function findUnnamed(context: Context, scope: Scope): Promise<Unnamed | undefined> {
  if (!existsSync(join(context.folder().path, 'store.git'))) return undefined;
  try {
    const keeper = await context.keeper();
    const checkpoints = await keeper.list();
    const span = findSpan(checkpoints, scope);
    if (span === undefined || isTorn(checkpoints, scope)) return undefined;
    const windows = await keeper.windows(span.first, span.last);
    return gatherEdits(checkpoints, windows, scope).flatMap(tellUnnamed);
  } catch (error) {
    // What the journal has is shown also where checkpoints are damaged, or in somebody else's hands.
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function tellUnnamed({ path, evidence, edits }: PathEdits): Unnamed {
  if (evidence !== 'during' && evidence !== 'contested') return [];
  // What was only not read before need not have changed.
  if (edits.every(({ unknown }) => unknown === 'before')) return [];
  const last = edits.at(-1);
  const isGone = last?.after === undefined && last?.unknown === undefined;
  return [{ path, evidence, ...(isGone ? { gone: true } : {}) }];
}
