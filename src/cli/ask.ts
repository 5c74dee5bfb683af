/** Asks a method for a command: opens what it needs, shows that it takes a while, closes again. */
import { resolve } from 'node:path';
import type { Methods } from '../contract/types.gen.ts';
import { openContext } from '../methods/context.ts';
import { answer } from '../methods/table.ts';
import type { Call } from './command.ts';
import type { Io } from './io.ts';
import { showJson } from './printable.ts';

export async function ask<M extends keyof Methods>(
  { io, options }: Pick<Call, 'io' | 'options'>,
  method: M,
  params: Methods[M]['params'],
): Promise<Methods[M]['result']> {
  const progress = openProgress(io);
  const folder = folderOf({ io, options });
  const context = openContext({ folder, env: io.env, onProgress: progress.tell });
  try {
    return await answer(context, method, params);
  } finally {
    progress.clear();
    await context.close();
  }
}

/** Which workspace is meant: where we are, unless another folder is named. */
export function folderOf({ io, options }: Pick<Call, 'io' | 'options'>): string {
  const { workspace } = options;
  return typeof workspace === 'string' ? resolve(io.cwd, workspace) : io.cwd;
}

function openProgress(io: Io) {
  let shown = false;
  return {
    tell(entries: number) {
      if (!io.showsProgress) return;
      shown = true;
      io.warn(`\r\x1b[Kindexing: ${entries.toLocaleString('en-US')} entries`);
    },
    clear() {
      if (shown) io.warn('\r\x1b[K');
    },
  };
}

export function printJson(io: Io, result: unknown): void {
  io.write(`${showJson(result, 2)}\n`);
}
