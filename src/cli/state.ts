/** clew state: what is known of the project and of its sessions, kept from one session to the next. */
import type { StateGet, StatePatch } from '../contract/types.gen.ts';
import { spellLong } from '../layers/spell-long.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { editText } from './edit-text.ts';
import { showSessionLayer, showSessionLayers } from './show-layers.ts';
import { showChanges, showConflicts, showProject } from './show-project.ts';

const name = 'state';
const deeds = ['show', 'set', 'edit', 'import', 'conflicts', 'init'] as const;
type Deed = (typeof deeds)[number];

const kinds = ['purpose', 'milestone', 'decision', 'question', 'task'] as const;
type Section = NonNullable<StatePatch['params']['put']>[number]['section'];

export const command: Command = {
  name,
  summary: 'tell where the work stands: what was done, and what is open',
  takes: `[${deeds.join('|')}] [KIND TEXT]`,
  words: { min: 0, max: 3 },
  choices: deeds,
  options: [
    {
      name: 'session',
      value: 'ID',
      about: 'show, set: of this session: an id, its end, or @session',
      offers: 'sessions',
    },
    { name: 'sessions', about: 'show: list the sessions that have a layer, newest first' },
    { name: 'limit', value: 'N', about: 'show: sessions to list at most; 50 unless told' },
    { name: 'id', value: 'ID', about: 'set: change this item instead of adding one' },
    { name: 'status', value: 'WORD', about: 'set: open, done or answered' },
    { name: 'answer', value: 'TEXT', about: 'set: what a question was answered with' },
    { name: 'remove', value: 'ID', about: 'set: take this item out' },
    { name: 'take', value: 'ID=VERSION', about: 'conflicts: this side is right' },
    { name: 'share', about: 'init: let git see the sessions too' },
    { name: 'dry-run', about: 'import, init: tell what would be done, and do nothing' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Shows the purpose, milestones, decisions, questions and git checkpoints of the project, and ' +
    'what the last session did and left open. All of it is kept beside the journal, and nothing ' +
    'is written into the workspace, unless `clew state init` was run there (or a folder .clew is ' +
    'there): then the same is kept in .clew/project_state.json, to be read, edited and committed. ' +
    'What somebody changes there is taken over; what was changed in two ways at once is kept in ' +
    'both until you choose.',
  examples: [
    ['clew state', 'where the work stands'],
    ["clew state set decision 'Use SQLite'", 'write a decision down'],
    ["clew state set milestone 'first release' --status open", 'or a milestone'],
    ['clew state edit', 'in your editor ($VISUAL or $EDITOR)'],
    ['clew state conflicts --take purpose=0f3a9c', 'choose a side'],
    ['clew state show --session 7k2f9q --json', 'for programs: see schemas/rpc/state/get.json'],
  ],
  exits: [
    [5, 'there is no such session, item or side, or more than one'],
    [8, 'it was changed meanwhile'],
    [9, 'there are conflicts, or a file that cannot be taken over'],
  ],
  async run(call) {
    const [deed = 'show', ...words] = call.words;
    if (!isDeed(deed)) throw refuse(command, `state has no ${deed}`, `it has ${deeds.join(', ')}`);
    if (deed !== 'set' && words[0] !== undefined)
      throw refuse(command, `state ${deed} does not take ${words[0]}`);
    refuseStrangers(call, deed);
    return runs[deed](call, words);
  },
};

const isDeed = (word: string): word is Deed => deeds.some((it) => it === word);

const asksExit = 9;

/** Options that only some of the words take. */
const own: Readonly<Record<Deed, readonly string[]>> = {
  show: ['session', 'sessions', 'limit'],
  set: ['session', 'id', 'status', 'answer', 'remove'],
  edit: [],
  import: ['dry-run'],
  conflicts: ['take'],
  init: ['share', 'dry-run'],
};

function refuseStrangers({ options }: Call, deed: Deed): void {
  const all = Object.values(own).flat();
  const stranger = all.find((it) => options[it] !== undefined && !own[deed].includes(it));
  if (stranger !== undefined) throw refuse(command, `state ${deed} takes no --${stranger}`);
}

const runs: Readonly<Record<Deed, (call: Call, words: readonly string[]) => Promise<number>>> = {
  show: runShow,
  set: runSet,
  edit: runEdit,
  import: runImport,
  conflicts: runConflicts,
  init: runInit,
};

async function runShow(call: Call): Promise<number> {
  const { io, options } = call;
  const { session, sessions, limit } = options;
  const result = await ask(call, 'state/get', {
    ...(typeof session === 'string' ? { session } : {}),
    ...(sessions === true ? { sessions } : {}),
    ...(typeof limit === 'string' ? { limit: countOf(limit) } : {}),
  });
  if (options['json'] === true) printJson(io, result);
  else io.write(showAll(result, call));
  return 0;
}

function showAll(result: StateGet['result'], { io, options }: Call): string {
  if (result.sessions !== undefined) return showSessionLayers(result.sessions, io);
  const layer = result.session && showSessionLayer(result.session, io);
  if (layer !== undefined && options['session'] !== undefined) return layer;
  return [showProject(result, io), layer ?? 'no session is known here yet\n'].join('\n');
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw refuse({ name }, `--limit is no number: ${text}`, 'say how many sessions, from 1 to 1000');
}

async function runSet(call: Call, [kind, text]: readonly string[]): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'state/patch', readPatch(call, kind, text));
  if (options['json'] === true) printJson(io, result);
  else for (const id of result.changed) io.write(`${id}\n`);
  return 0;
}

function readPatch(call: Call, kind?: string, text?: string): StatePatch['params'] {
  const { id, status, answer, remove, session } = call.options;
  if (typeof remove === 'string') {
    if (kind !== undefined) throw refuse(command, 'say either --remove or what to set');
    return { remove: [{ id: remove }] };
  }
  const known = kinds.find((it) => it === kind);
  if (known === undefined)
    throw refuse(
      command,
      `state set needs one of ${kinds.join(', ')}`,
      `try: clew state set decision 'Use SQLite'`,
    );
  if (text?.trim() === '' || (text === undefined && id === undefined))
    throw refuse(command, `what is the ${known}?`);
  const item = {
    ...(text === undefined ? {} : { text }),
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof status === 'string' ? { status } : {}),
    ...(typeof answer === 'string' ? { answer, status: 'answered' } : {}),
  };
  const section: Section = known === 'purpose' ? known : (`${known}s` as const);
  return { put: [{ section, item }], ...(typeof session === 'string' ? { session } : {}) };
}

async function runEdit(call: Call): Promise<number> {
  const { io } = call;
  // So that there is something to edit where nothing is known yet.
  await ask(call, 'state/patch', {});
  const { project, versions } = await ask(call, 'state/get', {});
  const text = spellLong(project);
  const edited = await editText(io, text, 'project_state.json');
  if (edited === text) {
    io.write('nothing was changed\n');
    return 0;
  }
  const { conflicts: _c, version: _v, earlier: _e, ...lists } = project;
  const shown = new Set(Object.values(lists).flatMap((it) => it.map(({ id }) => id)));
  const seen = Object.entries(versions).filter(([id]) => shown.has(id));
  const params = { text: edited, versions: Object.fromEntries(seen) };
  return tellImport(call, await ask(call, 'state/import', params));
}

async function runImport(call: Call): Promise<number> {
  const dryRun = call.options['dry-run'] === true;
  return tellImport(call, await ask(call, 'state/import', { dryRun }));
}

function tellImport(
  { io, options }: Call,
  result: Awaited<ReturnType<typeof ask<'state/import'>>>,
): number {
  if (options['json'] === true) printJson(io, result);
  else io.write(showChanges(result, io));
  return result.problem !== undefined || result.conflicts.length > 0 ? asksExit : 0;
}

async function runConflicts(call: Call): Promise<number> {
  const { io, options } = call;
  const { take } = options;
  if (typeof take === 'string') {
    const [, id, version] = /^(.+)=([0-9a-f]+)$/.exec(take) ?? [];
    if (id === undefined || version === undefined)
      throw refuse(command, `--take needs ID=VERSION, not ${take}`);
    await ask(call, 'state/patch', { take: [{ id, version }] });
  }
  const result = await ask(call, 'state/conflicts', {});
  if (options['json'] === true) printJson(io, result);
  else io.write(showConflicts(result.conflicts, io));
  return result.conflicts.length > 0 ? asksExit : 0;
}

async function runInit(call: Call): Promise<number> {
  const { io, options } = call;
  const dryRun = options['dry-run'] === true;
  const result = await ask(call, 'state/init', { share: options['share'] === true, dryRun });
  if (options['json'] === true) printJson(io, result);
  else for (const path of result.written) io.write(`${dryRun ? 'would write' : 'wrote'} ${path}\n`);
  return 0;
}
