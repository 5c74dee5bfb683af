/** Every check there is, in order: set-up, the static ones, then the tests. A failing one fails the run. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInSight, toolPath } from './program.mjs';
import { say, sayHeading } from './say.mjs';

const setup = ['set-up', process.execPath, [join(import.meta.dirname, 'setup.mjs')]];
const checks = [
  ['biome: lint, format, imports', toolPath('biome'), ['ci', '.']],
  ['tsc: the pure floors, with no Node types', toolPath('tsc'), ['-p', 'src/tsconfig.pure.json']],
  ['tsc: src, schemas and test', toolPath('tsc'), ['-p', 'test']],
  ['knip: what nothing uses', toolPath('knip'), []],
  [
    'publint: the package as others see it',
    toolPath('publint'),
    ['run', '--pack', 'npm', '--strict'],
  ],
];

/** Names of those that failed. */
async function runChecks() {
  const failed = [];
  for (const [name, command, args] of checks) {
    sayHeading(name);
    const code = await runInSight(command, args);
    if (code === 0) continue;
    failed.push(name);
    say(`FAILED with ${code}: ${name}`);
  }
  return failed;
}

/** True when vitest itself came to its end and printed the plain line (test/plain-line.ts). */
async function runTests(failed) {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  const told = join(folder, 'told');
  sayHeading('vitest: the tests');
  const env = { CLEW_FAILED_CHECKS: failed.join('\n'), CLEW_PLAIN_LINE_TOLD: told };
  const code = await runInSight(toolPath('vitest'), ['run', ...process.argv.slice(2)], env);
  const finished = existsSync(told);
  rmSync(folder, { recursive: true });
  return { code, finished };
}

sayHeading(setup[0]);
if ((await runInSight(setup[1], setup[2])) === 0) {
  const failed = await runChecks();
  const { code, finished } = await runTests(failed);
  if (!finished) say(`\n0 passed, ${failed.length + 1} failed`);
  process.exitCode = code === 0 && finished && failed.length === 0 ? 0 : 1;
} else {
  say('\n0 passed, 1 failed');
  process.exitCode = 1;
}
