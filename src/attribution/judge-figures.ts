/** Which files are not counted by lines: nobody wrote them line by line. They are listed. */

const lockNames = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'bun.lock',
  'go.sum',
  'poetry.lock',
  'uv.lock',
  'Cargo.lock',
  'Gemfile.lock',
  'composer.lock',
  'flake.lock',
  'deno.lock',
  'Podfile.lock',
  'mix.lock',
  'pubspec.lock',
  'Package.resolved',
]);
const vendored =
  /(?:^|\/)(?:node_modules|vendor|vendored|third_party|third-party|bower_components)\//;
const generatedMark = /@generated|do not edit|DO NOT EDIT|automatically generated|auto-generated/;
const generatedName =
  /(?:\.min\.(?:js|css|mjs)|\.(?:js|css)\.map|\.pb\.go|_pb2\.py|\.gen\.\w+|\.generated\.\w+)$/;

export type Excluded = 'lock file' | 'vendored' | 'generated' | 'minified' | 'binary';

const marksIn = 5;
/** Longer on the average, no person writes lines. */
const lineChars = 400;
const leastChars = 2000;

/** Undefined of a file that counts. `raw` has one character a byte. */
export function judgeFigures(path: string, raw: string): Excluded | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (lockNames.has(name) || name === 'yarn.lock') return 'lock file';
  if (vendored.test(path)) return 'vendored';
  if (/\.min\.\w+$/.test(name)) return 'minified';
  if (generatedName.test(name)) return 'generated';
  const zero = raw.indexOf('\0');
  if (zero >= 0 && zero < 8000) return 'binary';
  const lines = raw.split('\n');
  if (lines.slice(0, marksIn).some((it) => generatedMark.test(it))) return 'generated';
  return raw.length > leastChars && raw.length / lines.length > lineChars ? 'minified' : undefined;
}
