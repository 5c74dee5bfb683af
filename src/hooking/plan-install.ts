/** Plans how clew's hooks come into a repository: what to write, and what a person must do. */
import { addBlock, blockOf, dispatcherOf, hasBlock, renewBlock } from './block.ts';
import { type Choice, chooseRoute, folderOf, nameOf } from './choose-route.ts';
import { readConfiguredHooks, withConfigBlock } from './config-block.ts';
import {
  configPath,
  type Found,
  findText,
  type HookName,
  hookNames,
  keptPath,
  type Layout,
  madePath,
  scriptPath,
  spoolPath,
} from './layout.ts';
import {
  type HookPlan,
  type Outcome,
  type Plan,
  privateMode,
  programMode,
  type Step,
  textMode,
} from './plan.ts';

export type InstallWish = {
  readonly hooks: readonly HookName[];
  /** Also where it is committed with the project. */
  readonly inTree: boolean;
};

type Planned = { readonly outcome: Outcome; readonly say?: string; readonly steps: Step[] };

export function planInstall(layout: Layout, { hooks, inTree }: InstallWish): Plan {
  const choices = hooks.map((it) => chooseRoute(layout, it));
  const planned = choices.map((it) => planHook(layout, it, inTree));
  const named = choices.filter((it) => it.route === 'config').map((it) => it.hook);
  const steps = [...planned.flatMap((it) => it.steps), ...planConfig(layout, named)];
  return {
    hooks: choices.map(({ hook, route, path }, n): HookPlan => {
      const { outcome = 'refused', say } = planned[n] ?? {};
      return { hook, route, path, outcome, ...(say === undefined ? {} : { say }) };
    }),
    steps: [...planFolders(layout, steps), ...steps],
  };
}

function planHook(layout: Layout, choice: Choice, inTree: boolean): Planned {
  const { hook, route, path, isCommitted } = choice;
  const template = layout.templates[hook];
  const standing = findText(layout, path);
  if (route === 'config') return planScript(layout, hook);
  if (standing !== undefined && hasBlock(standing)) return planRenewal(layout, choice, standing);
  if (route === 'blocked') return refuse(layout, path);
  if (route === 'lefthook')
    return { ...planScript(layout, hook), outcome: 'asks', say: sayLefthook(layout, hook) };
  const place = `put this at the top of ${path}:\n\n${blockOf(template)}`;
  if (route === 'outside')
    return { outcome: 'asks', say: `other repositories use this folder too: ${place}`, steps: [] };
  if (isCommitted && !inTree) {
    const say = `it is committed with the project: install with --in-tree, or ${place}`;
    return { outcome: 'asks', say, steps: [] };
  }
  return { outcome: 'added', steps: planEntry(layout, choice, template) };
}

/** What is outside was put there by a person, who must renew it too. */
function planRenewal(layout: Layout, { hook, path }: Choice, standing: string): Planned {
  const fresh = renewBlock(standing, layout.templates[hook]);
  const found = layout.files.get(path);
  const mode = found?.kind === 'file' ? found.mode : programMode;
  if (fresh === standing) return { outcome: 'present', steps: [] };
  if (layout.folder.ground === 'outside')
    return { outcome: 'asks', say: `renew the block in ${path}:\n\n${blockOf(fresh)}`, steps: [] };
  return { outcome: 'renewed', steps: [{ do: 'write', path, text: fresh, mode }] };
}

function planEntry(layout: Layout, { route, path }: Choice, template: string): Step[] {
  const found = layout.files.get(path);
  if (route === 'block' && found?.kind === 'file')
    return [{ do: 'write', path, text: addBlock(found.text, template), mode: found.mode }];
  if (route === 'file') return [{ do: 'write', path, text: template, mode: programMode }];
  const text = dispatcherOf(template);
  return [...planKeeping(path, found), { do: 'write', path, text, mode: programMode }];
}

/** A link is made anew, so that it leads to the same place from one folder deeper. */
function planKeeping(path: string, found: Found | undefined): Step[] {
  // A run that was cut short has put it aside already.
  if (found === undefined) return [];
  const folder = folderOf(path);
  const kept = keptPath(folder, nameOf(path));
  const make: Step = { do: 'make-folder', path: folderOf(kept), mode: programMode };
  if (found?.kind !== 'link') return [make, { do: 'move', path, to: kept }];
  const target = found.target.startsWith('/') ? found.target : `../${found.target}`;
  return [make, { do: 'link', path: kept, target }, { do: 'remove', path }];
}

function planScript(layout: Layout, hook: HookName): Planned {
  const path = scriptPath(layout.common, hook);
  const text = layout.templates[hook];
  const standing = findText(layout, path);
  const config = findText(layout, configPath(layout.common)) ?? '';
  const isNamed = readConfiguredHooks(config).includes(hook);
  if (standing === text) return { outcome: isNamed ? 'present' : 'added', steps: [] };
  const outcome = standing === undefined || !isNamed ? 'added' : 'renewed';
  return { outcome, steps: [{ do: 'write', path, text, mode: programMode }] };
}

function planConfig(layout: Layout, wanted: readonly HookName[]): Step[] {
  if (wanted.length === 0) return [];
  const path = configPath(layout.common);
  const found = layout.files.get(path);
  if (found?.kind !== 'file') return [];
  const known = readConfiguredHooks(found.text);
  const named = hookNames.filter((it) => known.includes(it) || wanted.includes(it));
  const text = withConfigBlock(found.text, layout.common, named);
  return text === found.text ? [] : [{ do: 'write', path, text, mode: found.mode }];
}

function planFolders({ common, folder, spool }: Layout, steps: readonly Step[]): Step[] {
  const writes = (under: string) =>
    steps.some((it) => it.do === 'write' && it.path.startsWith(`${under}/`));
  const make = (path: string, mode = privateMode): Step => ({ do: 'make-folder', path, mode });
  const made: Step[] = spool === undefined ? [make(`${common}/clew`), make(spoolPath(common))] : [];
  if (writes(`${common}/clew/hooks`)) made.push(make(`${common}/clew/hooks`));
  if (!folder.exists && writes(folder.path)) {
    made.push(make(folder.path, programMode));
    made.push({ do: 'write', path: madePath(common), text: '', mode: textMode });
  }
  return made;
}

function refuse({ folder }: Layout, path: string): Planned {
  const say = folder.exists
    ? `${path} is neither a file nor a link`
    : `core.hooksPath leads to ${folder.path}, which is not there`;
  return { outcome: 'refused', say, steps: [] };
}

function sayLefthook({ common }: Layout, hook: HookName): string {
  const script = JSON.stringify(scriptPath(common, hook));
  const stdin = hook === 'post-rewrite' ? '\n      use_stdin: true' : '';
  return `lefthook writes this hook: put this into lefthook-local.yml, and run \`lefthook install\`:

${hook}:
  jobs:
    - name: clew
      run: sh ${script} {0}${stdin}
`;
}
