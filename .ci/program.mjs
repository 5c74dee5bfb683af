/** Runs another program: quietly, with its output kept for the case that it fails, or in plain sight. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { keepSaying } from './say.mjs';

const windows = process.platform === 'win32';
export const root = join(import.meta.dirname, '..');

/** The path of a program that a dependency brings. */
export const toolPath = (name) =>
  join(root, 'node_modules', '.bin', windows ? `${name}.cmd` : name);

/** Resolves with { code, output }; never rejects. Says every ten seconds that it is still running. */
export async function runQuietly(what, command, args) {
  const endSaying = keepSaying(what);
  let output = '';
  const code = await finish(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    seen: (text) => {
      output += text;
    },
  });
  endSaying();
  return { code, output };
}

/** Resolves with the exit code; the program has this terminal. */
export function runInSight(command, args, env = {}) {
  return finish(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
}

function finish(command, args, { seen, ...options }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, shell: windows, ...options });
    child.stdout?.setEncoding('utf8').on('data', seen);
    child.stderr?.setEncoding('utf8').on('data', seen);
    child.on('error', (error) => {
      seen?.(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}
