/** A workspace of which something is recorded, and what answers questions about it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Methods } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { type Context, openContext } from '../../src/methods/context.ts';
import { answer } from '../../src/methods/table.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { makeFolder } from '../scratch.ts';
import { openScribe } from '../store/index/journals.ts';

export type Recorded = {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly state: string;
  readonly journal: string;
  write(entries: readonly Entry[]): void;
};

/** Its paths have spaces and letters beyond ASCII. */
export function recordWorkspace(entries: readonly Entry[], at?: string): Recorded {
  const folder = makeFolder();
  const root = at ?? join(folder, 'my project 日本');
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder, LANG: 'C.UTF-8' };
  const { journal, path } = openWorkspaceFolder({ home: openStateHome(env), workspace: root });
  const scribe = openScribe(journal);
  // What a story says of /w happened here.
  const here = (entry: Entry) => JSON.parse(JSON.stringify(entry).replaceAll('/w', root)) as Entry;
  const write = (told: readonly Entry[]) => scribe.write(told.map(here));
  write(entries);
  return { root, env, state: path, journal, write };
}

export function openAt(recorded: Recorded, folder = recorded.root): Context {
  const context = openContext({ folder, env: recorded.env });
  onTestFinished(() => context.close());
  return context;
}

/** With the workspace named as in the story, wherever it lies. */
export function asTold<T>({ root }: Recorded, value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(root, '/w')) as T;
}

/** The answer, held against its schema. */
export async function ask<M extends keyof Methods>(
  context: Context,
  method: M,
  params: Methods[M]['params'],
): Promise<Methods[M]['result']> {
  const answered = await answer(context, method, params);
  const check = await compileSchema(`rpc/${method}`, 'result');
  if (!check(answered))
    throw new Error(`${method} answers against its schema: ${JSON.stringify(check.errors)}`);
  return answered;
}
