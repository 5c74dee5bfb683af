/** How many checkpoints there are, and whether the last one is whole; makes nothing where there are none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceStatus } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { listRefs } from '../shadow/write-ref.ts';
import type { WorkspaceFolder } from '../store/state-folder.ts';
import type { Context } from './context.ts';

type Checkpoints = WorkspaceStatus['result']['checkpoints'];

export async function measureCheckpoints(
  context: Context,
  { path }: WorkspaceFolder,
): Promise<Checkpoints> {
  const store = join(path, 'store.git');
  if (!existsSync(store)) return { state: 'none', count: 0 };
  // Also what cannot be opened may be counted.
  const count = listRefs(store, 'checkpoints').length;
  try {
    const { checkpoints, bytes, baseBytes, last } = await (await context.keeper()).measure();
    if (checkpoints === 0) return { state: 'none', count: 0 };
    const { at, degraded, uncaptured } = last ?? {};
    return {
      state: 'ready',
      count: checkpoints,
      bytes,
      baseBytes,
      ...(at === undefined ? {} : { lastAt: at }),
      ...(degraded === undefined ? {} : { degraded }),
      ...(uncaptured === undefined
        ? {}
        : { uncaptured: uncaptured.count, paths: [...uncaptured.paths] }),
    };
  } catch (error) {
    // A status says what is unavailable; it does not fail for it.
    if (!(error instanceof Failure)) throw error;
    const hint = [error.message, error.hint].filter((it) => it !== undefined).join(': ');
    return { state: 'unavailable', count, hint };
  }
}
