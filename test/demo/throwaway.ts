/** A throwaway git repository and a throwaway state folder, gone when the demo ends. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Throwaway = { readonly repository: string; readonly home: string; remove(): void };

const files: Readonly<Record<string, string>> = {
  'README.md': '# Shop\n',
  'notes.txt': 'discounts?\n',
  'src/cart.js':
    'export function total(items) {\n  let sum = 0;\n  for (const item of items) sum += item.price;\n  return sum;\n}\n',
  'check.mjs':
    "import { total } from './src/cart.js';\n\nconsole.log('10 % off 200 is', total([{ price: 200 }], 0.1));\n",
};

export function openThrowaway(): Throwaway {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-demo-')));
  const repository = join(folder, 'shop');
  mkdirSync(join(repository, 'src'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(repository, name), text);
  git(repository, 'init', '--quiet', '--initial-branch=main');
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message', 'Open the shop');
  return {
    repository,
    home: join(folder, 'state'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** With nobody's settings but these: no signing, no hooks, no templates. */
function git(cwd: string, ...args: readonly string[]): void {
  const me = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com'];
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...me, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}
