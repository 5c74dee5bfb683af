/** A child of a test as plain JavaScript, since a loader takes longer to start than the child has to live. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const top = resolve(import.meta.dirname, '../..');
const compiler = join(top, 'node_modules/.bin/tsc');

/** `name`: of a file beside this one, without its ending. */
export function buildChild(name: string): { readonly main: string; drop(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'clew-child-'));
  const options = {
    rootDir: top,
    outDir: folder,
    target: 'es2023',
    module: 'nodenext',
    types: 'node',
  };
  const given = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  const flags = ['--rewriteRelativeImportExtensions', '--noCheck', '--ignoreConfig'];
  execFileSync(compiler, [`test/shadow/${name}.ts`, ...given, ...flags], { cwd: top });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return {
    main: join(folder, 'test', 'shadow', `${name}.js`),
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
}
