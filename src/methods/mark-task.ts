/** Says who changes a task, and when. */
import type { Mark } from '../tasks/task.ts';
import type { Context } from './context.ts';

export function markTask({ env, mint }: Pick<Context, 'env' | 'mint'>, by?: string): Mark {
  const who = by ?? env['CLEW_ACTOR'] ?? env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'];
  const at = new Date(mint().at).toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...(who === undefined || who === '' ? {} : { by: who }), at };
}
