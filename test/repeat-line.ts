/** A vitest reporter for the soak: with which seed it runs, and how each file that failed is run again as it was. */
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
    if (module.ok()) return;
    const path = relative(process.cwd(), module.moduleId);
    process.stdout.write(`\nfailed; again as it was: ${given} npm run soak -- ${path}\n`);
  }
}
