/** What the hooks' methods begin with: the repository's layout of hooks, where there is a repository. */
import { lstatSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { readGitVersion } from '../repo/read-git-version.ts';
import { type HookLayout, readHookLayout } from '../repo/read-hook-layout.ts';
import type { Context } from './context.ts';

/** The first git that reads hooks from its config. */
const [configMajor, configMinor] = [2, 54];

export type OpenedHooks = { readonly layout: HookLayout; readonly git: string | undefined };

export function openHooks({ workspace, env }: Context): OpenedHooks {
  const { root, gitDir, gitCommonDir } = workspace;
  if (gitDir === undefined || gitCommonDir === undefined)
    throw new Failure('no-repository', `${root} is in no git repository`, {
      data: { folder: root },
      hint: 'go to a work tree of the repository; in a bare one no hook of ours would ever run',
    });
  refuseForeign(gitCommonDir);
  const version = readGitVersion(env['PATH'] ?? '', root);
  const [major, minor] = version ?? [0, 0];
  const knowsConfigHooks = major > configMajor || (major === configMajor && minor >= configMinor);
  const place = { root, gitDir, commonDir: gitCommonDir, env, knowsConfigHooks };
  return { layout: readHookLayout(place), git: version?.join('.') };
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
