/** step/end: ends a step, with what came of it. */
import { resolve } from 'node:path';
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const stepEnd: Handler<'step/end'> = async (context, order) => {
  const { root } = context.workspace;
  const files = order.files?.map((it) => ({ ...it, path: resolve(root, it.path) }));
  const { sessions } = openHosting(context, 'step/end');
  return sessions.endStep(files === undefined ? order : { ...order, files });
};
