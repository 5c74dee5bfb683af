/** A vitest reporter for the soak: with which seed it runs, and how each file that failed is run again as it was. */
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const size = process.env['CLEW_SOAK_RUNS'];
const given = [
  `CLEW_SEED=${process.env['CLEW_SEED']}`,
  ...(size === undefined ? [] : [`CLEW_SOAK_RUNS=${size}`]),
].join(' ');

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
