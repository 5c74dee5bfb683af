/** How the tests are run; what they are is in test/, which mirrors src/. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/plain-line.ts'],
    maxWorkers: 2,
    setupFiles: ['./test/seed.ts'],
  },
});
