/** A child of a test as plain JavaScript, since a loader takes longer to start than most children have to live. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

const top = resolve(import.meta.dirname, '..');
const compiler = join(top, 'node_modules/.bin/tsc');

/** `name`: of a file below this folder, without its ending. It is there while the tests of this file run. */
export function buildChild(name: string): { readonly main: string } {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clew-child-'));
    compile(name, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get main() {
      return join(folder, 'test', `${name}.js`);
    },
  };
}

function compile(name: string, folder: string): void {
  const options = {
    rootDir: top,
    outDir: folder,
    target: 'es2023',
    module: 'nodenext',
    types: 'node',
  };
  const given = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  const flags = ['--rewriteRelativeImportExtensions', '--noCheck', '--ignoreConfig'];
  execFileSync(compiler, [`test/${name}.ts`, ...given, ...flags], { cwd: top });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  // All of src/, and not only what it imports: threads are found by their names.
  rmSync(join(folder, 'src'), { recursive: true });
  symlinkSync(join(top, 'dist'), join(folder, 'src'));
}
