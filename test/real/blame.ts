/** After a case: each line is held against whose it should be, before and after a person typed something. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { BlameFile, LogQuery, LogShow } from '../../src/contract/types.gen.ts';
import type { Case } from './kit.ts';
import type { UndoPlace } from './undo.ts';

type Step = {
  /** What a person does first, in the repository. */
  readonly sh?: string;
  /** Of each line the grade, and which tool call of the session, counted from 1: `W 2`. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
};

const run = promisify(execFile);

/** What is wrong, in words. Cases without a file in blame/ change nothing that could be told. */
export async function checkBlame({ agent, name }: Case, place: UndoPlace): Promise<string[]> {
  const path = resolve(import.meta.dirname, 'blame', agent, `${name}.json`);
  if (!existsSync(path)) return [];
  const steps = JSON.parse(readFileSync(path, 'utf8')) as Step[];
  const tools = await numberTools(place);
  const wrong: string[] = [];
  for (const { sh, lines } of steps) {
    const files = Object.keys(lines).map((file) => join(place.repository, file));
    const before = files.map((file) => readFileSync(file));
    if (sh !== undefined) execFileSync('sh', ['-c', sh], { cwd: place.repository });
    for (const [file, wanted] of Object.entries(lines)) {
      const found = await listClasses(place, file, tools);
      if (found.join('\n') !== wanted.join('\n'))
        wrong.push(`${sh ?? 'at first'}: ${file} is ${JSON.stringify(found)}`);
    }
    // What comes next is about the case alone.
    if (sh !== undefined)
      for (const [at, file] of files.entries()) writeFileSync(file, before[at] ?? '');
  }
  return wrong;
}

async function askClew<T>(
  { main, repository, home }: UndoPlace,
  ...words: readonly string[]
): Promise<T> {
  const env = { ...process.env, CLEW_HOME: home };
  const options = { cwd: repository, env };
  const { stdout } = await run(process.execPath, [main, ...words, '--json'], options);
  return JSON.parse(stdout) as T;
}

async function numberTools(place: UndoPlace): Promise<ReadonlyMap<string, number>> {
  const { sessions } = await askClew<LogQuery['result']>(place, 'log');
  const numbers = new Map<string, number>();
  for (const { id } of sessions) {
    const { steps } = await askClew<LogShow['result']>(place, 'show', id);
    const tools = steps.filter((it) => it.kind === 'tool');
    for (const [at, step] of tools.entries()) numbers.set(step.id, at + 1);
  }
  return numbers;
}

async function listClasses(
  place: UndoPlace,
  file: string,
  tools: ReadonlyMap<string, number>,
): Promise<string[]> {
  const { ranges } = await askClew<BlameFile['result']>(place, 'blame', file);
  return ranges.flatMap(({ start, end, grade, step, flags = [] }) => {
    const name = step === undefined ? grade : `${grade} ${tools.get(step) ?? '?'}`;
    return Array.from({ length: end - start + 1 }, () => [name, ...flags].join(' '));
  });
}
