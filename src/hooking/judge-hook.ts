/** Tells of one event whether its hook would run as things stand. */
import { hasBlock, renewBlock } from './block.ts';
import { type Choice, chooseRoute } from './choose-route.ts';
import { readConfiguredHooks } from './config-block.ts';
import { configPath, findText, type HookName, type Layout, scriptPath } from './layout.ts';

export type HookState =
  | 'installed'
  /** An older clew's: works, and install renews it. */
  | 'outdated'
  | 'not-executable'
  /** Ours stands in the usual folder, and core.hooksPath leads git to another one. */
  | 'shadowed'
  /** Ours is there; whether the hook manager runs it cannot be seen from here. */
  | 'unverified'
  | 'missing';

export function judgeHook(layout: Layout, hook: HookName): Choice & { readonly state: HookState } {
  const choice = chooseRoute(layout, hook);
  return { ...choice, state: judge(layout, choice) };
}

function judge(layout: Layout, choice: Choice): HookState {
  const { hook, route, path } = choice;
  const { common, folder, usual, templates } = layout;
  if (route !== 'config' && hasBlock(findText(layout, path) ?? ''))
    return judgeBlock(layout, choice);
  const script = findText(layout, scriptPath(common, hook));
  const config = findText(layout, configPath(common)) ?? '';
  if (route === 'config' && script !== undefined && readConfiguredHooks(config).includes(hook))
    return script === templates[hook] ? 'installed' : 'outdated';
  const shadowed = findText(layout, `${usual.path}/${hook}`) ?? '';
  if (folder.path !== usual.path && hasBlock(shadowed)) return 'shadowed';
  return route === 'lefthook' && script !== undefined ? 'unverified' : 'missing';
}

function judgeBlock({ files, folder, templates }: Layout, { hook, path }: Choice): HookState {
  const found = files.get(path);
  if (found?.kind !== 'file') return 'missing';
  const isRunByName = folder.ground === 'husky';
  // husky runs the file from one of its own, which it has not made.
  if (isRunByName && !files.has(`${folder.path}/${hook}`)) return 'unverified';
  if (!isRunByName && (found.mode & 0o111) === 0) return 'not-executable';
  return renewBlock(found.text, templates[hook]) === found.text ? 'installed' : 'outdated';
}
