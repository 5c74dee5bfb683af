/** What gets installed with clew, and that nothing of it runs by itself (S31). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Packages = Record<string, Record<string, unknown>>;

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const manifest = readJson('package.json');
const lock = readJson('package-lock.json');
const packages = lock.packages as Packages;
const kinds = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

/** A package of our own, in the place of one that nobody maintains any more. */
const own = { name: 'sqlite3', folder: 'src/store/sqlite3' };
const isOwn = (path: string) => path === `node_modules/${own.name}` || path === own.folder;

test('every dependency is pinned to one version, and locked to it', () => {
  const all = kinds.flatMap((kind) => Object.entries<string>(manifest[kind] ?? {}));
  const pins = all.filter(([name]) => name !== own.name);
  expect(pins.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  expect(pins.filter(([name, pin]) => packages[`node_modules/${name}`]?.version !== pin)).toEqual(
    [],
  );
});

test('every locked package carries its checksum and names no other registry', () => {
  const locked = Object.entries(packages).filter(([path]) => path !== '' && !isOwn(path));
  expect(locked.length).toBeGreaterThan(50);
  const loose = locked.filter(([, it]) => !/^sha512-/.test(String(it.integrity ?? '')));
  expect(loose.map(([path]) => path)).toEqual([]);
  const hosts = locked.map(([, it]) => it.resolved).filter((it) => it !== undefined);
  expect(hosts.filter((it) => !String(it).startsWith('https://registry.npmjs.org/'))).toEqual([]);
});

test('whoever asks for the package that is replaced gets ours, bundled with clew', () => {
  expect(manifest.devDependencies[own.name]).toBe(`file:${own.folder}`);
  expect(manifest.overrides).toEqual({ [own.name]: `$${own.name}` });
  expect(packages[`node_modules/${own.name}`]).toMatchObject({ resolved: own.folder, link: true });
  expect(Object.keys(packages).filter((path) => path.endsWith(`/${own.name}`))).toHaveLength(2);
  expect(manifest.bundleDependencies).toEqual(['@keyv/sqlite', 'keyv']);
});

test('the lockfile is whole: `npm ci` refuses one that lacks the packages of other platforms', () => {
  const missing = Object.entries(packages).flatMap(([path, it]) =>
    Object.keys((it.optionalDependencies ?? {}) as object).filter(
      (name) =>
        !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

test('nothing that is installed may run a program of its own', () => {
  const settings = readFileSync('.npmrc', 'utf8').split('\n');
  expect(settings).toContain('ignore-scripts=true');
  expect(settings).toContain('save-exact=true');
});

test('only the one native module needs its script, and only set-up lets it run', () => {
  const shipped = Object.entries(packages).filter(([, it]) => it.hasInstallScript && !it.dev);
  expect(shipped.map(([path]) => path)).toEqual(['node_modules/better-sqlite3']);
  const setup = readFileSync('.ci/native-module.mjs', 'utf8');
  expect(setup.match(/'rebuild', '[^']+', '--ignore-scripts=false'/g)).toEqual([
    "'rebuild', 'better-sqlite3', '--ignore-scripts=false'",
  ]);
});

test('clew brings no install script', () => {
  const banned = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
  expect(Object.keys(manifest.scripts).filter((it) => banned.includes(it))).toEqual([]);
});
