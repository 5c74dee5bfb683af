/** A folder with tasks: what is written in its file, and what answers about it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Context, openContext } from '../../../src/methods/context.ts';
import { makeFolder } from '../../scratch.ts';

export type Project = {
  readonly root: string;
  readonly file: string;
  readonly env: Record<string, string>;
  readonly context: Context;
  text(): string;
  write(text: string): void;
};

export function openProject(text?: string): Project {
  const folder = makeFolder('tasks 日本');
  const root = join(folder, 'my project');
  const file = join(root, '.clew', 'project_tasks.yaml');
  mkdirSync(root);
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder, USER: 'ada' };
  const context = openContext({ folder: root, env });
  onTestFinished(() => context.close());
  const write = (it: string) => {
    mkdirSync(join(root, '.clew'), { recursive: true });
    writeFileSync(file, it);
  };
  if (text !== undefined) write(text);
  return {
    root,
    file,
    env,
    context,
    text: () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
    write,
  };
}

export const three = `version: 1
tasks:
  - id: t-aaa1111   # the first
    title: Write the spool
    status: done
  - id: t-aab2222
    title: Read the spool
    depends_on: [t-aaa1111]
  - id: t-ccc3333
    title: Ship it
    status: open
    depends_on: [t-aab2222]
`;
