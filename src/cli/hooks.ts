/** clew hooks: puts git hooks that tell when HEAD moves into a repository, and takes them out again. */
import type { HookPlan, HooksInstall, HooksStatus, HooksUninstall } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { layOut } from './grid.ts';
import { openPaint } from './paint.ts';
import { showBlock, showLine } from './printable.ts';

const name = 'hooks';
const deeds = ['install', 'uninstall', 'status'] as const;
type Deed = (typeof deeds)[number];
const names = ['post-checkout', 'post-commit', 'post-merge', 'post-rewrite'] as const;
/** Somebody must still do something by hand. */
const asksExit = 9;

export const command: Command = {
  name,
  summary: 'let git tell clew when HEAD moves, or no longer',
  takes: `[${deeds.join('|')}]`,
  words: { min: 0, max: 1 },
  choices: deeds,
  options: [
    { name: 'dry-run', about: 'tell what would be done, and do nothing' },
    { name: 'hook', value: 'NAME', about: `install only this one: ${names.join(', ')}` },
    { name: 'in-tree', about: 'install also where hooks are committed with the project (husky)' },
    { name: 'purge', about: 'uninstall also what hooks wrote and nobody has read yet' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Installs git hooks that write one small file when somebody commits, switches, merges or ' +
    'rebases. Hooks that are there go on to run, and their exit code stays. Nothing global is ' +
    'changed, and nothing that is committed unless you ask for it. Uninstall takes out exactly ' +
    'what install put in. CLEW_OFF=1 silences the hooks.',
  examples: [
    ['clew hooks install --dry-run', 'what would be changed where'],
    ['clew hooks install', 'in the repository that you are in, for all its worktrees'],
    ['clew hooks', 'would they run, and if not, why'],
  ],
  exits: [
    [8, 'a file could not be written, or is not ours to change'],
    [asksExit, 'some hooks are left for you to put in or take out; it is said which'],
  ],
  async run(call) {
    const [deed = 'status'] = call.words;
    if (!isDeed(deed)) throw refuse(command, `hooks has no ${deed}`, `it has ${deeds.join(', ')}`);
    refuseStrangers(call, deed);
    if (deed === 'status') return runStatus(call);
    return deed === 'install' ? runInstall(call) : runUninstall(call);
  },
};

const isDeed = (word: string): word is Deed => deeds.some((it) => it === word);

/** Options that another of the words takes. */
const own: Readonly<Record<Deed, readonly string[]>> = {
  install: ['dry-run', 'hook', 'in-tree'],
  uninstall: ['dry-run', 'purge'],
  status: [],
};

function refuseStrangers({ options }: Call, deed: Deed): void {
  const all = Object.values(own).flat();
  const stranger = all.find((it) => options[it] !== undefined && !own[deed].includes(it));
  if (stranger !== undefined) throw refuse(command, `hooks ${deed} takes no --${stranger}`);
}

async function runInstall(call: Call): Promise<number> {
  const { io, options } = call;
  const { hook } = options;
  const known = names.find((it) => it === hook);
  if (hook !== undefined && known === undefined)
    throw refuse(command, `there is no hook ${hook}`, `there are ${names.join(', ')}`);
  const result = await ask(call, 'hooks/install', {
    ...(known === undefined ? {} : { hook: known }),
    dryRun: options['dry-run'] === true,
    inTree: options['in-tree'] === true,
  });
  if (options['json'] === true) printJson(io, result);
  else io.write(showChange(result, call));
  return exitOf(result);
}

async function runUninstall(call: Call): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'hooks/uninstall', {
    dryRun: options['dry-run'] === true,
    purge: options['purge'] === true,
  });
  if (options['json'] === true) printJson(io, result);
  else io.write(showChange(result, call) + showUnread(result));
  return exitOf(result);
}

const exitOf = ({ hooks }: { hooks: readonly HookPlan[] }) =>
  hooks.some((it) => it.outcome === 'asks' || it.outcome === 'refused') ? asksExit : 0;

function showUnread({ unread }: HooksUninstall['result']): string {
  if (unread === 0) return '';
  return `${showCount(unread, 'file')} of hooks left for clew to read; --purge takes them away\n`;
}

type Change = HooksInstall['result'] | HooksUninstall['result'];

function showChange({ hooks, steps, dryRun }: Change, { io }: Call): string {
  const paint = openPaint(io);
  const lines = showTable(hooks.map((it) => [it.hook, it.outcome, it.route, showLine(it.path)]));
  const said = new Map(hooks.flatMap(({ say, hook }) => (say === undefined ? [] : [[hook, say]])));
  const told = [...said].map(([hook, say]) => `\n${paint(hook, 'name')}: ${showBlock(say)}\n`);
  const would = dryRun
    ? steps.map((it) => {
        const to = it.to === undefined ? '' : ` -> ${showLine(it.to)}`;
        return `would ${it.do} ${showLine(it.path)}${to}\n`;
      })
    : [];
  return `${lines.join('\n')}\n${[...would, ...told].join('')}`;
}

async function runStatus(call: Call): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'hooks/status', {});
  if (options['json'] === true) printJson(io, result);
  else io.write(showStatus(result, call));
  return 0;
}

function showStatus(
  { hooks, folder, git, spool, off }: HooksStatus['result'],
  { io }: Call,
): string {
  const paint = openPaint(io);
  const rows = hooks.map((it) => [it.hook, it.state, it.route, showLine(it.path)]);
  const { named } = folder;
  return `${[
    ...showTable(rows),
    '',
    ...(named === undefined
      ? []
      : [`core.hooksPath is ${showLine(named.value)}, set in ${showLine(named.file)}`]),
    `git ${git ?? '(not on PATH)'}`,
    ...tellSpool(spool, hooks),
    ...(off ? [paint('CLEW_OFF=1 is set: hooks are silent here', 'bad')] : []),
  ].join('\n')}\n`;
}

function tellSpool(
  { present, unread }: HooksStatus['result']['spool'],
  hooks: HooksStatus['result']['hooks'],
): string[] {
  if (present) return [`${showCount(unread, 'file')} of hooks not yet read`];
  if (hooks.every(({ state }) => state === 'missing'))
    return ['none is installed; `clew hooks install` puts them in, --dry-run shows where'];
  return [
    'there is no folder clew/spool in .git: hooks have nowhere to write; `clew hooks install`',
  ];
}

const showTable = (rows: readonly (readonly string[])[]) =>
  layOut(
    rows.map((row) => row.map((text) => ({ text }))),
    { indent: '', columns: undefined, yields: [] },
  );
