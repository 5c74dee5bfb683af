/** A vitest reporter that closes the output with one plain line for CI: `N passed, N failed`. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Static checks that failed before the tests began; .ci/test.mjs tells. */
const failedChecks = (process.env.CLEW_FAILED_CHECKS ?? '').split('\n').filter(Boolean);

export default class PlainLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length + failedChecks.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') counts.passed += 1;
        else if (state === 'failed') counts.failed += 1;
        else counts.skipped += 1;
      }
    }
    // The default reporter prints its summary in the same hook; wait until it has.
    setTimeout(() => sayCounts(counts));
  }
}

function sayCounts(counts: { passed: number; failed: number; skipped: number }): void {
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  const checks = failedChecks.map((it) => `failed before the tests: ${it}\n`).join('');
  process.stdout.write(`\n${checks}${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  if (process.env.CLEW_PLAIN_LINE_TOLD) writeFileSync(process.env.CLEW_PLAIN_LINE_TOLD, '');
}
