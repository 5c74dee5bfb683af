/** A repository with two worktrees on two branches, each with a state of its own, as on two machines. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Context, openContext } from '../../../src/methods/context.ts';
import { git } from '../../git.ts';
import { makeFolder } from '../../scratch.ts';
import { ask } from '../recorded.ts';

export type Site = {
  readonly root: string;
  readonly env: Record<string, string>;
  /** A context for one question, as a command has it. */
  open(): Context;
  read(): string;
  write(text: string): void;
  put(section: 'decisions' | 'purpose', text: string, id?: string): Promise<void>;
  git(...args: string[]): string;
};

function openSite(root: string, env: Record<string, string>): Site {
  const file = join(root, '.clew', 'project_state.json');
  function open(): Context {
    const context = openContext({ folder: root, env });
    onTestFinished(() => context.close());
    return context;
  }
  return {
    root,
    env,
    open,
    read: () => readFileSync(file, 'utf8'),
    write: (text) => writeFileSync(file, text),
    async put(section, text, id) {
      const item = { text, ...(id === undefined ? {} : { id }) };
      const context = open();
      await ask(context, 'state/patch', { put: [{ section, item }] });
      await context.close();
    },
    git: (...args) => git(root, ...args),
  };
}

export function openSites(): { here: Site; there: Site } {
  const folder = makeFolder();
  const [main, linked] = [join(folder, 'a project 日本'), join(folder, 'another place')];
  mkdirSync(main);
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder, LANG: 'C.UTF-8' };
  git(main, 'init', '-q', '-b', 'main');
  writeFileSync(join(main, 'a'), 'one');
  git(main, 'add', '.');
  git(main, 'commit', '-q', '-m', 'first');
  const here = openSite(main, env);
  const there = openSite(linked, env);
  return { here, there };
}
