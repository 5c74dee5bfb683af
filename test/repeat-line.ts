/** A vitest reporter for the soak: with which seed it runs, what each file came to, and how one that failed is run again. */
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const given = ['CLEW_SEED', 'CLEW_SOAK_RUNS', 'CLEW_SOAK_MINUTES']
  .filter((it) => process.env[it] !== undefined)
  .map((it) => `${it}=${process.env[it]}`)
  .join(' ');

export default class RepeatLine implements Reporter {
  onTestRunStart(): void {
    process.stdout.write(`soak: ${given}\n`);
  }

  onTestModuleEnd(module: TestModule): void {
    const path = relative(process.cwd(), module.moduleId);
    const tests = [...module.children.allTests()].filter((it) => it.result().state !== 'skipped');
    const runs = tests.reduce((sum, it) => sum + 1 + (it.diagnostic()?.repeatCount ?? 0), 0);
    const failed = tests.filter((it) => !it.ok()).length;
    const seconds = Math.round(module.diagnostic().duration / 1_000);
    const figures = { tests: tests.length, runs, failed, seconds };
    process.stdout.write(`\n${path}: ${JSON.stringify(figures)}\n`);
    if (module.ok()) return;
    process.stdout.write(`\nfailed; again as it was: ${given} npm run soak -- ${path}\n`);
  }
}
