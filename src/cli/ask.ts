/** Asks a method for a command: opens what it needs, shows that it takes a while, closes again. */
import { resolve } from 'node:path';
import type { Methods } from '../contract/types.gen.ts';
import { openContext } from '../methods/context.ts';
import { answer } from '../methods/table.ts';
import { showNumber } from './amounts.ts';
import type { Call } from './command.ts';
import type { Io } from './io.ts';
import { showJson, showLine } from './printable.ts';
import { openProgress } from './progress.ts';

export async function ask<M extends keyof Methods>(
  { io, options }: Pick<Call, 'io' | 'options'>,
  method: M,
  params: Methods[M]['params'],
  /** What to say when it takes longer. */
  doing?: string,
): Promise<Methods[M]['result']> {
  const progress = openProgress(io, doing);
  const folder = folderOf({ io, options });
  const onProgress = (entries: number) => progress.tell(`indexing: ${showNumber(entries)} entries`);
  const onNews = (text: string) => io.warn(`clew: ${showLine(text)}\n`);
  const onWriting = () => void io.untilInterrupted().then(() => warnHalfDone(io));
  const context = openContext({ folder, env: io.env, onProgress, onNews, onWriting });
  try {
    return await answer(context, method, params);
  } finally {
    progress.clear();
    await context.close();
  }
}

/** The first signal only says so: what is half written had better be finished at once. */
function warnHalfDone({ showsProgress, warn }: Io): void {
  const line = showsProgress ? '\r\x1b[K' : '';
  const about = 'files are being written, and that is finished first';
  const more = 'to leave at once, ask once more: the next clew command then finishes it';
  warn(`${line}clew: ${about}\nhint: ${more}\n`);
}

/** Which workspace is meant: where we are, unless another folder is named. */
export function folderOf({ io, options }: Pick<Call, 'io' | 'options'>): string {
  const { workspace } = options;
  return typeof workspace === 'string' ? resolve(io.cwd, workspace) : io.cwd;
}

/** Where paths in answers begin. */
export function rootOf(call: Pick<Call, 'io' | 'options'>): string {
  return openContext({ folder: folderOf(call), env: call.io.env }).workspace.root;
}

export function printJson(io: Io, result: unknown): void {
  io.write(`${showJson(result, 2)}\n`);
}
