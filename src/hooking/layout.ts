/** What was found of a repository's hooks: all that planning knows. */

export const hookNames = ['post-checkout', 'post-commit', 'post-merge', 'post-rewrite'] as const;
export type HookName = (typeof hookNames)[number];

/** Text is one character per byte. */
export type Found =
  | { readonly kind: 'file'; readonly text: string; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'other' };

/** Whose ground a folder of hooks is on. */
export type Ground =
  /** Inside the repository's own data: nobody else sees what we do there. */
  | 'own'
  /** husky's generated folder, which runs the files beside it. */
  | 'husky'
  /** In the work tree: what stands there is committed. */
  | 'tree'
  /** Shared with other repositories. */
  | 'outside';

export type Folder = {
  readonly path: string;
  readonly ground: Ground;
  readonly exists: boolean;
};

export type Layout = {
  /** The repository's data, shared by its worktrees. */
  readonly common: string;
  /** The one that git looks into. */
  readonly folder: Folder;
  /** The one that git would look into without core.hooksPath: ours may still stand there. */
  readonly usual: Folder;
  /** Every path that could matter, where something is. */
  readonly files: ReadonlyMap<string, Found>;
  /** git runs hooks that its config names: from 2.54. */
  readonly knowsConfigHooks: boolean;
  readonly templates: Readonly<Record<HookName, string>>;
  /** Names in the spool; undefined where there is none. */
  readonly spool: readonly string[] | undefined;
};

export const configPath = (common: string) => `${common}/config`;
export const spoolPath = (common: string) => `${common}/clew/spool`;
/** Scripts that git's config or a hook manager's names. */
export const scriptPath = (common: string, hook: HookName) => `${common}/clew/hooks/${hook}`;
/** Says that the folder of hooks was not there before us. */
export const madePath = (common: string) => `${common}/clew/made-hooks-folder`;
/** Where a hook goes that we cannot write a block into; its name stays, because some look at it. */
export const keptPath = (folder: string, name: string) => `${folder}/clew-kept/${name}`;

export function findText({ files }: Pick<Layout, 'files'>, path: string): string | undefined {
  const found = files.get(path);
  return found?.kind === 'file' ? found.text : undefined;
}

/** Every path that planning may ask for. */
export function listPaths(common: string, folders: readonly string[]): string[] {
  const hooks = hookNames.flatMap((hook) => [
    scriptPath(common, hook),
    ...folders.flatMap((folder) => [
      `${folder}/${hook}`,
      `${folder}/${hook}.legacy`,
      keptPath(folder, hook),
      keptPath(folder, `${hook}.legacy`),
      besideHusky(folder, hook),
    ]),
  ]);
  const own = [`${common}/clew`, `${common}/clew/hooks`, madePath(common)];
  return [configPath(common), ...own, ...hooks];
}

export function besideHusky(folder: string, hook: HookName): string {
  return `${folder.slice(0, folder.lastIndexOf('/'))}/${hook}`;
}

export function judgeGround(folder: string, common: string, root: string): Ground {
  if (isUnder(folder, common)) return 'own';
  if (!isUnder(folder, root)) return 'outside';
  return folder.endsWith('/.husky/_') ? 'husky' : 'tree';
}

const isUnder = (path: string, folder: string) =>
  path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);
