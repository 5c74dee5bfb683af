/** A host's end without a process around it: a workspace that is open, and answers held against their schemas. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Event, Methods } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { type Host, type HostOptions, openHost } from '../../src/rpc/open-host.ts';
import { listJournals } from '../../src/store/journal-names.ts';
import { readJournalFile } from '../../src/store/journal-reader.ts';
import { findWorkspaceFolder, openStateHome } from '../../src/store/state-folder.ts';
import { makeFolder } from '../scratch.ts';

export type Hosted = {
  readonly host: Host;
  readonly root: string;
  readonly env: Record<string, string>;
  /** The handle of `root`. */
  readonly workspace: string;
  readonly heard: { method: string; params: unknown }[];
  readonly said: string[];
  /** What is wrong is thrown. */
  ask<M extends keyof Methods>(
    method: M,
    params: Methods[M]['params'] & { workspace?: string; workDoneToken?: string | number },
    signal?: AbortSignal,
  ): Promise<Methods[M]['result']>;
  write(path: string, text: string): void;
  entries(): Entry[];
  events(): Event[];
};

/** Its paths have spaces and letters beyond ASCII. */
export async function openHosted(options: Partial<HostOptions> = {}): Promise<Hosted> {
  const folder = makeFolder();
  const root = join(folder, 'my project 日本');
  mkdirSync(root);
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder, XDG_RUNTIME_DIR: '' };
  const heard: Hosted['heard'] = [];
  const said: string[] = [];
  const host = openHost({
    env,
    folder: root,
    isWhole: true,
    timeLimitMs: 60_000,
    entriesPerBatch: 2_000,
    command: ['a host'],
    protocol: 1,
    notify: (method, params) => void heard.push({ method, params }),
    keepsUp: () => true,
    say: (text) => void said.push(text),
    ...options,
  });
  onTestFinished(() => host.close(0));
  host.greet({ name: 'the host', version: '7' });
  const workspace = (await host.openUsual()) ?? '';
  const journal = () => {
    const place = { home: openStateHome(env), workspace: root };
    return findWorkspaceFolder(place)?.journal ?? '';
  };
  const entries = () =>
    listJournals(journal())
      .flatMap(({ path }) => [...readJournalFile(path)])
      .flatMap((it) => ('entry' in it ? [it.entry] : []));
  return {
    host,
    root,
    env,
    workspace,
    heard,
    said,
    async ask(method, params, signal = new AbortController().signal) {
      const answered = await host.answer(method, params, signal);
      const check = await compileSchema(`rpc/${method}`, 'result');
      if (!check(answered))
        throw new Error(`${method} answers against its schema: ${JSON.stringify(check.errors)}`);
      return answered as never;
    },
    write: (path, text) => writeFileSync(join(root, path), text),
    entries,
    events: () => entries().map((it) => it.event),
  };
}
