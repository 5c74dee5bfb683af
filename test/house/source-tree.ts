/** The sources as the house rules see them: path to text, and who imports whom. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Paths are relative to the repository and use `/`. */
export type SourceTree = ReadonlyMap<string, string>;

export type Import = {
  readonly from: string;
  /** A path in the tree, or the name of a package or builtin as it stands there. */
  readonly to: string;
  readonly line: number;
  /** Erased by the compiler: `import type`. */
  readonly typeOnly: boolean;
  /** `import()`: loaded only when it comes to that. */
  readonly dynamic: boolean;
};

const skipped = /(^|\/)(node_modules|kit|cases)\//;
const source = /\.(ts|mjs)$/;

export function readSourceTree(...folders: readonly string[]): SourceTree {
  const paths = folders
    .filter((it) => existsSync(it))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((it) => join(folder, it)),
    )
    .filter((it) => source.test(it) && !it.endsWith('.gen.ts') && !skipped.test(it))
    .sort();
  return new Map(paths.map((it) => [it.replaceAll('\\', '/'), readFileSync(it, 'utf8')]));
}

const statement = /^\s*(?:import|export)\s+(type\s)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const call = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(path: string, text: string): Import[] {
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  const resolved = (to: string) =>
    to.startsWith('.') ? normalize(join(dirname(path), to)).replaceAll('\\', '/') : to;
  const statements = [...text.matchAll(statement)].map((it) => ({
    from: path,
    to: resolved(it[2] ?? ''),
    line: lineAt(it.index + it[0].length),
    typeOnly: it[1] !== undefined,
    dynamic: false,
  }));
  const calls = [...text.matchAll(call)].map((it) => ({
    from: path,
    to: resolved(it[1] ?? ''),
    line: lineAt(it.index),
    typeOnly: false,
    dynamic: true,
  }));
  return [...statements, ...calls];
}

export const allImports = (tree: SourceTree): Import[] =>
  [...tree].flatMap(([path, text]) => importsOf(path, text));
