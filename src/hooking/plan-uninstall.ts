/** Plans how everything that install put into a repository is taken out again, and nothing else. */
import { hasBlock, isWhollyOurs, removeBlock } from './block.ts';
import { folderOf, nameOf, type Route } from './choose-route.ts';
import {
  besideHusky,
  configPath,
  type Folder,
  findText,
  type HookName,
  hookNames,
  keptPath,
  type Layout,
  madePath,
  scriptPath,
  spoolPath,
} from './layout.ts';
import type { HookPlan, Plan, Step } from './plan.ts';

type Removal = Omit<HookPlan, 'hook'> & { readonly steps: readonly Step[] };

/** `purge`: also what hooks wrote and nobody has read yet. */
export function planUninstall(layout: Layout, purge: boolean): Plan {
  const hooks: HookPlan[] = [];
  const steps: Step[] = [];
  for (const hook of hookNames) {
    const removals = [...removeFrom(layout, hook), ...removeScript(layout, hook)];
    steps.push(...removals.flatMap((it) => it.steps));
    const told = removals.map(({ steps: _, ...it }) => ({ hook, ...it }));
    const path = `${layout.folder.path}/${hook}`;
    hooks.push(
      ...(told.length > 0 ? told : [{ hook, route: 'file', path, outcome: 'absent' } as const]),
    );
  }
  return { hooks, steps: [...steps, ...removeConfig(layout), ...removeFolders(layout, purge)] };
}

function foldersOf({ folder, usual }: Layout): Folder[] {
  return folder.path === usual.path ? [folder] : [folder, usual];
}

function removeFrom(layout: Layout, hook: HookName): Removal[] {
  return foldersOf(layout).flatMap((folder) => {
    const beside = folder.ground === 'husky' ? [besideHusky(folder.path, hook)] : [];
    const places = [`${folder.path}/${hook}`, `${folder.path}/${hook}.legacy`, ...beside];
    return places.flatMap((it) => removeAt(layout, it, folder.ground === 'outside'));
  });
}

function removeAt(layout: Layout, path: string, isOutside: boolean): Removal[] {
  const found = layout.files.get(path);
  if (found?.kind !== 'file' || !hasBlock(found.text)) return [];
  const about = { route: 'block' as Route, path };
  if (isOutside)
    return [
      { ...about, outcome: 'asks', say: `take the block out of ${path} yourself`, steps: [] },
    ];
  const kept = keptPath(folderOf(path), nameOf(path));
  if (!isWhollyOurs(found.text)) {
    if (layout.files.has(kept))
      return [
        {
          ...about,
          route: 'dispatcher',
          outcome: 'refused',
          say: sayChanged(path, kept),
          steps: [],
        },
      ];
    const text = removeBlock(found.text);
    return [
      { ...about, outcome: 'removed', steps: [{ do: 'write', path, text, mode: found.mode }] },
    ];
  }
  const back = putBack(layout, path, kept);
  return [
    {
      ...{ path, route: back.length === 0 ? 'file' : 'dispatcher', outcome: 'removed' },
      steps: back.length === 0 ? [{ do: 'remove', path }] : back,
    },
  ];
}

function sayChanged(path: string, kept: string): string {
  return `${path} was changed since clew wrote it: put ${kept} back in its place yourself`;
}

function putBack({ files }: Layout, path: string, kept: string): Step[] {
  const found = files.get(kept);
  const leave: Step = { do: 'remove-folder', path: folderOf(kept) };
  if (found === undefined) return [];
  if (found.kind !== 'link') return [{ do: 'move', path: kept, to: path }, leave];
  const target = found.target.replace(/^\.\.\//, '');
  return [
    { do: 'remove', path },
    { do: 'link', path, target },
    { do: 'remove', path: kept },
    leave,
  ];
}

function removeScript(layout: Layout, hook: HookName): Removal[] {
  const path = scriptPath(layout.common, hook);
  if (findText(layout, path) === undefined) return [];
  return [{ route: 'config', path, outcome: 'removed', steps: [{ do: 'remove', path }] }];
}

function removeConfig(layout: Layout): Step[] {
  const path = configPath(layout.common);
  const found = layout.files.get(path);
  if (found?.kind !== 'file' || !hasBlock(found.text)) return [];
  return [{ do: 'write', path, text: removeBlock(found.text), mode: found.mode }];
}

function removeFolders(layout: Layout, purge: boolean): Step[] {
  const { common, files, spool = [] } = layout;
  const own = foldersOf(layout).filter((it) => it.ground === 'own');
  const made: Step[] = files.has(madePath(common))
    ? [
        { do: 'remove', path: madePath(common) },
        ...own.map(({ path }): Step => ({ do: 'remove-folder', path })),
      ]
    : [];
  const unread: Step[] = spool.map((it) => ({ do: 'remove', path: `${spoolPath(common)}/${it}` }));
  const scripts = `${common}/clew/hooks`;
  const folders = [
    ...(files.has(scripts) ? [scripts] : []),
    ...(layout.spool === undefined ? [] : [spoolPath(common)]),
    ...(files.has(`${common}/clew`) ? [`${common}/clew`] : []),
  ];
  return [
    ...made,
    ...(purge ? unread : []),
    ...folders.map((path): Step => ({ do: 'remove-folder', path })),
  ];
}
