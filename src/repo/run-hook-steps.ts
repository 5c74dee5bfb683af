/** Carries out what was planned for a repository's hooks, each file at once or not at all. */
import {
  closeSync,
  fchmodSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { Failure } from '../errors.ts';
import type { Step } from '../hooking/plan.ts';

export function runHookSteps(steps: readonly Step[]): void {
  for (const step of steps) {
    try {
      runStep(step);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === undefined) throw cause;
      throw new Failure(
        'hooks-refused',
        `cannot ${step.do.replace('-', ' a ')} ${step.path}: ${code}`,
        {
          data: { path: step.path, code },
          hint: 'put that right and run it again: what is done already stays, and is not done twice',
          cause,
        },
      );
    }
  }
}

function runStep(step: Step): void {
  if (step.do === 'make-folder') makeFolder(step.path, step.mode);
  else if (step.do === 'write') write(step);
  else if (step.do === 'move') renameSync(step.path, step.to);
  else if (step.do === 'link') symlinkSync(step.target, step.path);
  else if (step.do === 'remove') rmSync(step.path, { force: true });
  else removeFolder(step.path);
}

function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function removeFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** git writes its config under this lock as well. */
const draftOf = (path: string) =>
  `${path}${basename(path) === 'config' ? '.lock' : `.clew-${process.pid}`}`;

function write({ path, text, mode }: Extract<Step, { do: 'write' }>): void {
  const draft = draftOf(path);
  makeFolder(dirname(path), 0o755);
  const fd = openSync(draft, 'wx', mode);
  try {
    try {
      const bytes = Buffer.from(text, 'latin1');
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      // What the umask took away.
      fchmodSync(fd, mode);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
