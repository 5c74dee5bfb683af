/** attribution/import: takes an agent's own log as a second witness of who wrote what. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoggedEdit } from '../../agents/logged-edit.ts';
import { readLog } from '../../agents/read-log.ts';
import { Failure } from '../../errors.ts';
import type { Logged } from '../../undo/act.ts';
import { findInside } from '../../workspace/find-inside.ts';
import type { Handler } from '../context.ts';
import { nameText } from '../name-text.ts';
import { tellTaken } from '../tell-taken.ts';

const textLimit = 1 << 20;
const places = '~/.claude/projects, ~/.codex/sessions or ~/.qwen/projects';

export const attributionImport: Handler<'attribution/import'> = async (context, { file }) => {
  const { root } = context.workspace;
  const { agent, edits } = readFile(resolve(root, file));
  const inside = edits.flatMap((edit) => {
    const path = findInside(root, edit.path);
    return path === undefined || path === '' ? [] : [{ ...edit, path }];
  });
  const keeper = await context.keeper();
  const checkpoints = await keeper.list();
  const known = new Set(
    checkpoints.flatMap((it) => (it.logged ?? []).flatMap((one) => one.told.map(keyOf(one)))),
  );
  const all = inside.map((it) => toLogged(agent, it));
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

function readFile(file: string): { agent: string; edits: LoggedEdit[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const message =
      code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${code}`;
    throw new Failure('unknown-id', message, {
      data: { file },
      hint: `logs lie in ${places}`,
    });
  }
  const log = readLog(text);
  if (log === undefined)
    throw new Failure('invalid-params', `${file} is no log that can be read as a witness`, {
      data: { file },
      hint: `of Claude Code, Codex and Qwen Code it can, from ${places}`,
    });
  const fits = ({ before = '', after }: LoggedEdit) =>
    before.length <= textLimit && after.length <= textLimit;
  return { agent: log.agent, edits: log.edits.filter(fits) };
}

function toLogged(agent: string, edit: LoggedEdit): Logged {
  const { session, turn, step, path, before, after, isPart } = edit;
  const blobOf = (text: string) => nameText(Buffer.from(text).toString('latin1'));
  const texts = {
    ...(before === undefined ? {} : { before: blobOf(before) }),
    after: blobOf(after),
  };
  return {
    by: { session, turn, step },
    agent,
    told: [{ path, ...texts, ...(isPart ? {} : { whole: true }) }],
  };
}

const keyOf =
  ({ by }: Logged) =>
  ({ path, after }: Logged['told'][number]) =>
    `${by.session} ${by.step} ${path} ${after}`;
