/** Lets a person change a text in an editor of their own choice. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Failure } from '../errors.ts';
import type { Io } from './io.ts';

/** Answers the text as it is when the editor is closed. */
export async function editText(
  { env }: Pick<Io, 'env'>,
  text: string,
  name: string,
): Promise<string> {
  const [program = '', ...args] = (env['VISUAL'] || env['EDITOR'] || '').trim().split(/\s+/);
  if (program === '')
    throw refuse('no editor is named', 'set VISUAL or EDITOR, for example to nano');
  // A name is looked up on PATH, away from the workspace; a path from here could lead into it.
  if (program.includes('/') && !isAbsolute(program))
    throw refuse(
      `the editor ${program} is no absolute path`,
      'name it as it is found on PATH, or in full',
    );
  const folder = mkdtempSync(join(tmpdir(), 'clew-edit-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    await runEditor([program, ...args, path], folder, env);
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runEditor(
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: Io['env'],
): Promise<void> {
  return new Promise((done, fail) => {
    const editor = spawn(program, args, { cwd, env, stdio: 'inherit' });
    // Ctrl-C is the editor's as long as it runs.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    editor.on('error', (cause: NodeJS.ErrnoException) =>
      fail(
        refuse(
          `the editor ${program} cannot be started: ${cause.code}`,
          'set VISUAL or EDITOR to one that is there',
        ),
      ),
    );
    editor.on('close', (code) => {
      process.off('SIGINT', ignore);
      if (code === 0) done();
      else fail(refuse(`the editor ended with ${code ?? 'a signal'}`, 'nothing was changed'));
    });
  });
}

function refuse(message: string, hint: string): Failure {
  return new Failure('usage', message, { data: { command: 'state' }, hint });
}
