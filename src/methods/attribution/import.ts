/** attribution/import: takes an agent's own log as a second witness of who wrote what. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type LoggedEdit, readClaudeLog } from '../../agents/claude/read-log.ts';
import { Failure } from '../../errors.ts';
import type { Logged } from '../../undo/act.ts';
import { findInside } from '../../workspace/find-inside.ts';
import type { Handler } from '../context.ts';
import { nameText } from '../name-text.ts';
import { tellTaken } from '../tell-taken.ts';

const agent = 'claude-code';
const textLimit = 1 << 20;

export const attributionImport: Handler<'attribution/import'> = async (context, { file }) => {
  const { root } = context.workspace;
  const edits = readLog(resolve(root, file));
  const inside = edits.flatMap((edit) => {
    const path = findInside(root, edit.path);
    return path === undefined || path === '' ? [] : [{ ...edit, path }];
  });
  const keeper = await context.keeper();
  const checkpoints = await keeper.list();
  const known = new Set(
    checkpoints.flatMap((it) => (it.logged ?? []).flatMap((one) => one.told.map(keyOf(one)))),
  );
  const all = inside.map(toLogged);
  const fresh = all.filter((one) => !one.told.some((it) => known.has(keyOf(one)(it))));
  const counts = {
    agent,
    edits: fresh.length,
    outside: edits.length - inside.length,
    known: all.length - fresh.length,
  };
  if (fresh.length === 0) return counts;
  const order = {
    ...context.mint(),
    marks: { reason: 'import' },
    logged: fresh,
    texts: inside.flatMap(({ before, after }) =>
      before === undefined ? [after] : [before, after],
    ),
    // Without it the evidence would be forgotten some day.
    pinned: true,
  };
  const taken = await keeper.take(order);
  const tookMs = context.mint().at - order.at;
  await context.record({ event: tellTaken(taken, { reason: 'import', tookMs }) });
  return { ...counts, checkpoint: taken.id };
};

function readLog(file: string): LoggedEdit[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure('unknown-id', `${file} cannot be read: ${code}`, {
      data: { file },
      hint: 'logs of Claude Code lie in ~/.claude/projects',
    });
  }
  const edits = readClaudeLog(text);
  if (edits === undefined)
    throw new Failure('invalid-params', `${file} is no log of Claude Code`, {
      data: { file },
      hint: 'other agents’ logs cannot be read as witnesses yet',
    });
  return edits.filter(
    ({ before = '', after }) => before.length <= textLimit && after.length <= textLimit,
  );
}

function toLogged({ session, turn, step, path, before, after }: LoggedEdit): Logged {
  const blobOf = (text: string) => nameText(Buffer.from(text).toString('latin1'));
  const texts = {
    ...(before === undefined ? {} : { before: blobOf(before) }),
    after: blobOf(after),
  };
  return { by: { session, turn, step }, agent, told: [{ path, ...texts, whole: true }] };
}

const keyOf =
  ({ by }: Logged) =>
  ({ path, after }: Logged['told'][number]) =>
    `${by.session} ${by.step} ${path} ${after}`;
