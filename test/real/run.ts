/** Runs the cases of the kit with real agents, bare and through clew: `npm run test:real -- [AGENT[/CASE]…]`. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { checkBlame } from './blame.ts';
import { checkDrift } from './drift.ts';
import {
  agentsFolder,
  type Case,
  installer,
  isInstalled,
  listAgents,
  listCases,
  type Outcome,
  passThrough,
  runCase,
} from './kit.ts';
import { askClew, type Told } from './told.ts';
import { compareTranscripts } from './transcripts.ts';
import { checkUndo } from './undo.ts';

const usage = `npm run test:real -- [AGENT | AGENT/CASE]... [options]

  --bare        only without clew: is the kit itself in order here?
  --jobs N      cases at a time (2)
  --main FILE   the program to test (dist/main.js)
  --keep DIR    keep transcripts, journals and what clew told
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bare: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    main: { type: 'string', default: 'dist/main.js' },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const main = resolve(values.main);
/** Made when the first case is run, so that a wrong word leaves nothing behind. */
let folder = '';
/** What is wrong with a case, in words; nothing when all is well. */
type Verdict = Case & {
  readonly seconds: number;
  readonly wrong: readonly string[];
  readonly told?: Told;
};

function openFolder(): string {
  if (values.keep === undefined) return mkdtempSync(join(tmpdir(), 'clew-real-'));
  mkdirSync(values.keep, { recursive: true });
  return values.keep;
}

const say = (text: string) => process.stdout.write(`${text}\n`);

function chooseCases(): Case[] {
  const all = listAgents().flatMap(listCases);
  const names = new Set(all.flatMap(({ agent, name }) => [agent, `${agent}/${name}`]));
  const unknown = positionals.filter((it) => !names.has(it));
  if (unknown.length > 0) {
    say(`no such agent or case: ${unknown.join(', ')}\n\n${usage}`);
    process.exit(2);
  }
  const isChosen = ({ agent, name }: Case) =>
    positionals.length === 0 || positionals.some((it) => it === agent || it === `${agent}/${name}`);
  const chosen = all.filter(isChosen);
  for (const agent of new Set(chosen.map((it) => it.agent)))
    if (!isInstalled(agent))
      say(`${agent} is not installed in ${agentsFolder}; to install it: ${installer} ${agent}`);
  return chosen.filter((it) => isInstalled(it.agent));
}

async function tryCase(it: Case): Promise<Verdict> {
  const started = Date.now();
  const own = join(folder, it.agent, it.name);
  mkdirSync(own, { recursive: true });
  const bare = await runCase(it, {
    repository: join(own, 'bare'),
    transcript: join(own, 'bare.jsonl'),
  });
  const wrong = bare.passed ? [] : [`fails without clew:\n${bare.output}`];
  const through = values.bare ? { wrong: [] } : await tryThroughClew(it, own, bare);
  const seconds = Math.round((Date.now() - started) / 1000);
  return { ...it, ...through, seconds, wrong: [...wrong, ...through.wrong] };
}

async function tryThroughClew(
  it: Case,
  own: string,
  bare: Outcome,
): Promise<Pick<Verdict, 'wrong' | 'told'>> {
  const [repository, home] = [join(own, 'wrapped'), join(own, 'state')];
  const [client, agent] = [join(own, 'client.jsonl'), join(own, 'agent.jsonl')];
  const pass = [process.execPath, passThrough, '--log', agent, '--'];
  const wrapped = await runCase(it, {
    repository,
    transcript: client,
    wrap: [process.execPath, main, ...doorOf(it), '--', ...pass],
    env: { CLEW_HOME: home },
  });
  const told = await askClew(main, repository, home);
  writeFileSync(join(own, 'told.json'), `${JSON.stringify(told, null, 2)}\n`);
  const wrong = [
    ...(wrapped.passed ? [] : [`fails through clew:\n${wrapped.output}`]),
    ...compareOutcomes(bare, wrapped),
    ...compareTranscripts(client, agent),
    ...compareTold(it, told),
    ...(await checkBlame(it, { main, repository, home })),
    ...checkDrift(it, home),
    ...(await checkUndo(it, { main, repository, home })),
  ];
  return { wrong, told };
}

/** Cases of that name have no editor: the agent prints JSON. */
const doorOf = ({ agent, name }: Case): string[] =>
  name.startsWith('exec-') ? ['exec', '--agent', agent] : ['acp'];

function compareOutcomes(bare: Outcome, wrapped: Outcome): string[] {
  return (['steps', 'toolCalls', 'asked', 'changed', 'ended'] as const)
    .filter((part) => !isDeepStrictEqual(bare[part], wrapped[part]))
    .map((part) => `${part}: ${bare[part]} without clew, ${wrapped[part]} through it`);
}

/** What clew should tell; in any order where the agent makes its calls at once. */
type Expected = Told & { readonly anyOrder?: boolean };

function compareTold({ agent, name }: Case, told: Told): string[] {
  const path = resolve(import.meta.dirname, 'expected', agent, `${name}.json`);
  const { anyOrder = false, ...wanted } = JSON.parse(readFileSync(path, 'utf8')) as Expected;
  const [found, expected] = [told, wanted].map((it) => (anyOrder ? sortTools(it) : it));
  if (isDeepStrictEqual(found, expected)) return [];
  const show = (it: unknown) => JSON.stringify(it, null, 2);
  return [`clew tells\n${show(found)}\nexpected\n${show(expected)}`];
}

const sortTools = ({ sessions }: Told): Told => ({
  sessions: sessions.map((session) => ({
    ...session,
    turns: session.turns.map((turn) => ({ ...turn, tools: turn.tools.toSorted() })),
  })),
});

function sayVerdict({ agent, name, seconds, wrong, told }: Verdict): void {
  const mark = wrong.length === 0 ? 'ok  ' : 'FAIL';
  const took = `${String(seconds).padStart(4)} s`;
  say(`${mark}  ${agent.padEnd(8)} ${name.padEnd(16)} ${took}  ${told ? count(told) : ''}`);
  for (const it of wrong) say(it.replace(/^/gm, '        '));
}

function count({ sessions }: Told): string {
  const turns = sessions.flatMap((it) => it.turns);
  const counts = {
    session: sessions.length,
    turn: turns.length,
    'tool call': turns.flatMap((it) => it.tools).length,
    permission: turns.flatMap((it) => it.asked).length,
    file: turns.flatMap((it) => it.files).length,
  };
  return Object.entries(counts)
    .map(([what, n]) => `${n} ${what}${n === 1 ? '' : 's'}`)
    .join(', ');
}

async function tryAll(cases: readonly Case[]): Promise<Verdict[]> {
  const waiting = [...cases];
  const verdicts: Verdict[] = [];
  const work = async () => {
    for (let it = waiting.shift(); it !== undefined; it = waiting.shift()) {
      const verdict = await tryCase(it);
      verdicts.push(verdict);
      sayVerdict(verdict);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  return verdicts;
}

if (values.help) {
  say(usage);
} else {
  const cases = chooseCases();
  const how = values.bare ? 'without clew' : 'without clew and through it';
  if (cases.length > 0) say(`${cases.length} cases, ${how}; up to half a minute each`);
  folder = realpathSync(openFolder());
  const verdicts = await tryAll(cases);
  const failed = verdicts.filter((it) => it.wrong.length > 0).length;
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  else say(`kept in ${folder}`);
  say(`\n${verdicts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
