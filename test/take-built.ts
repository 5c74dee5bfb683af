/**
 * What a test imports from src/ is taken from dist/, where tsc put it: tested is what is shipped, threads and
 * processes start as they do for users, and nobody translates the same files once more for each test file.
 */
import { resolve } from 'node:path';
import type { Plugin } from 'vitest/config';

const top = resolve(import.meta.dirname, '..');

export function takeBuilt(): Plugin {
  return {
    name: 'take-built',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer === undefined || !/^\.{1,2}\/.*\.ts$/.test(source)) return undefined;
      const [, path] = resolve(importer, '..', source).split(`${top}/src/`);
      return path === undefined ? undefined : `${top}/dist/${path.replace(/ts$/, 'js')}`;
    },
  };
}
