/** Reads a repository's hooks for who may change them: with git's version, and only as their owner. */
import { lstatSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { readGitVersion } from './read-git-version.ts';
import { type HookLayout, readHookLayout } from './read-hook-layout.ts';

export type OpenedHooks = { readonly layout: HookLayout; readonly git: string | undefined };

type Place = {
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** The first git that reads hooks from its config. */
const [configMajor, configMinor] = [2, 54];

export function openHookLayout(place: Place): OpenedHooks {
  refuseForeign(place.commonDir);
  const version = readGitVersion(place.env['PATH'] ?? '', place.root);
  const [major, minor] = version ?? [0, 0];
  const knowsConfigHooks = major > configMajor || (major === configMajor && minor >= configMinor);
  return { layout: readHookLayout({ ...place, knowsConfigHooks }), git: version?.join('.') };
}

/** As git does: whose data it is decides what runs there. */
function refuseForeign(commonDir: string): void {
  const { uid } = lstatSync(commonDir);
  const own = process.getuid?.();
  if (own === undefined || uid === own) return;
  throw new Failure('hooks-refused', `${commonDir} belongs to another user`, {
    data: { path: commonDir, owner: uid },
    hint: 'run clew as its owner',
  });
}
