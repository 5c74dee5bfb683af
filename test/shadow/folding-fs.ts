/**
 * A disk that takes README and Readme for one name, as those of macOS and Windows do: whoever imports this has
 * node:fs wrapped for the whole process, and one folder folds names while `foldIn` says so.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readdirSync, readlinkSync } = fs;
let home: string | undefined;

export function foldIn(root: string | undefined): void {
  home = root;
}

function fold(name: string): string {
  return Buffer.from(name, 'latin1').toString().normalize('NFC').toLowerCase();
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(Buffer.from(folder, 'latin1'), 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return [];
  }
}

/** As bytes, folders held open by their number made paths again; nothing when it is not in that folder. */
function readInside(given: unknown): string | undefined {
  if (home === undefined || !(typeof given === 'string' || Buffer.isBuffer(given)))
    return undefined;
  let path = Buffer.from(given as string).toString('latin1');
  const held = /^\/proc\/self\/fd\/\d+/.exec(path)?.[0];
  if (held !== undefined) path = readlinkSync(held, 'latin1') + path.slice(held.length);
  return path === home || path.startsWith(`${home}/`) ? path.slice(home.length + 1) : undefined;
}

/** The path as its names are really written; names that are not there stay as they were given. */
function findReal(inside: string): string {
  let at = home ?? '';
  for (const name of inside.split('/').filter((part) => part !== '' && part !== '.')) {
    const names = listNames(at);
    const real = names.includes(name) ? name : names.find((other) => fold(other) === fold(name));
    at = `${at}/${real ?? name}`;
  }
  return at;
}

function resolve(given: unknown): unknown {
  const inside = readInside(given);
  return inside === undefined ? given : Buffer.from(findReal(inside), 'latin1');
}

/** A name given to the very file that has it in other letters is its new name. */
function resolveNew(from: unknown, to: unknown): unknown {
  const real = resolve(to);
  const inside = readInside(to);
  const isSame = Buffer.isBuffer(from) && Buffer.isBuffer(real) && from.equals(real);
  if (!isSame || inside === undefined) return real;
  const cut = inside.lastIndexOf('/') + 1;
  return Buffer.from(`${findReal(inside.slice(0, cut))}/${inside.slice(cut)}`, 'latin1');
}

type Call = (...given: unknown[]) => unknown;
const calls = fs as unknown as Record<string, Call>;
const first = [
  'accessSync',
  'existsSync',
  'lstatSync',
  'mkdirSync',
  'openSync',
  'opendirSync',
  'readFileSync',
  'readdirSync',
  'readlinkSync',
  'rmdirSync',
  'statSync',
  'unlinkSync',
  'writeFileSync',
];
for (const name of first) {
  const plain = calls[name] as Call;
  calls[name] = (path, ...rest) => plain(resolve(path), ...rest);
}
// Where a held folder is: a question to the system, and no name in the folder.
const whereIs = calls['readlinkSync'] as Call;
calls['readlinkSync'] = (path, ...rest) =>
  /^\/proc\/self\/fd\/\d+$/.test(String(path))
    ? (readlinkSync as Call)(path, ...rest)
    : whereIs(path, ...rest);
for (const name of ['renameSync', 'copyFileSync', 'linkSync']) {
  const plain = calls[name] as Call;
  calls[name] = (given, to, ...rest) => {
    const from = resolve(given);
    return plain(from, name === 'linkSync' ? to : resolveNew(from, to), ...rest);
  };
}
const { symlinkSync } = fs;
calls['symlinkSync'] = (target, path, ...rest) =>
  (symlinkSync as Call)(target, resolve(path), ...rest);
syncBuiltinESMExports();
