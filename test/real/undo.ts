/** After a case: its turns are undone with clew, each alone, and the disk is held against what should be left. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Case } from './kit.ts';

type Step = {
  /** What a person does in between, in the repository. */
  readonly sh?: string;
  /** Words for clew. */
  readonly clew?: readonly string[];
  readonly exit?: number;
  /** Text that the file holds, or that it is not there, or that it is as in the commit. */
  readonly disk?: Readonly<Record<string, string | null | { readonly head: true }>>;
};

export type UndoPlace = {
  readonly main: string;
  readonly repository: string;
  readonly home: string;
};

/** What is wrong, in words. Cases without a file in undo/ have nothing to undo. */
export async function checkUndo({ agent, name }: Case, place: UndoPlace): Promise<string[]> {
  const path = resolve(import.meta.dirname, 'undo', agent, `${name}.json`);
  if (!existsSync(path)) return [];
  const steps = JSON.parse(readFileSync(path, 'utf8')) as Step[];
  const before = hashFolder(join(place.repository, '.git'));
  const wrong: string[] = [];
  for (const step of steps) wrong.push(...(await takeStep(step, place)));
  if (hashFolder(join(place.repository, '.git')) !== before) wrong.push('.git is not what it was');
  return wrong;
}

async function takeStep(step: Step, place: UndoPlace): Promise<string[]> {
  const { sh, clew, exit = 0, disk = {} } = step;
  const { repository } = place;
  const wrong: string[] = [];
  if (sh !== undefined) execFileSync('sh', ['-c', sh], { cwd: repository });
  if (clew !== undefined) {
    const { code, output } = await runClew(clew, place);
    if (code !== exit) wrong.push(`clew ${clew.join(' ')} ended with ${code}:\n${output}`);
  }
  const after = [sh, clew?.join(' ')].filter((it) => it !== undefined).join(', ');
  for (const [file, wanted] of Object.entries(disk)) {
    const full = join(repository, file);
    const found = existsSync(full) ? readFileSync(full, 'utf8') : null;
    const expected = isHead(wanted) ? readHead(repository, file) : wanted;
    const isWell =
      isHead(wanted) || expected === null ? found === expected : found?.includes(expected);
    if (isWell !== true)
      wrong.push(
        `after ${after}: ${file} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`,
      );
  }
  return wrong;
}

const isHead = (wanted: string | null | { readonly head: true }) =>
  typeof wanted === 'object' && wanted !== null;

function readHead(repository: string, file: string): string {
  return execFileSync('git', ['show', `HEAD:${file}`], { cwd: repository, encoding: 'utf8' });
}

function runClew(words: readonly string[], { main, repository, home }: UndoPlace) {
  return new Promise<{ code: number; output: string }>((done) => {
    const env = { ...process.env, CLEW_HOME: home };
    execFile(
      process.execPath,
      [main, ...words],
      { cwd: repository, env },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code ?? -1);
        done({ code, output: `${stdout}${stderr}` });
      },
    );
  });
}

/** Of all files below, their names and their bytes. */
function hashFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    hash.update(`${name}\0`);
    if (statSync(path).isFile()) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
