/** What the hooks' methods begin with: the repository's layout of hooks, where there is a repository. */
import { Failure } from '../errors.ts';
import { type OpenedHooks, openHookLayout } from '../repo/open-hook-layout.ts';
import type { Context } from './context.ts';

export function openHooks({ workspace, env }: Context): OpenedHooks {
  const { root, gitDir, gitCommonDir } = workspace;
  if (gitDir === undefined || gitCommonDir === undefined)
    throw new Failure('no-repository', `${root} is in no git repository`, {
      data: { folder: root },
      hint: 'go to a work tree of the repository; in a bare one no hook of ours would ever run',
    });
  return openHookLayout({ root, gitDir, commonDir: gitCommonDir, env });
}
