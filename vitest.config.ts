/** How the tests are run; what they are is in test/, which mirrors src/. */
import { defineConfig } from 'vitest/config';
import { takeBuilt } from './test/take-built.ts';

export default defineConfig({
  plugins: [takeBuilt()],
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/plain-line.ts'],
    maxWorkers: 2,
    globalSetup: ['./.ci/build-first.mjs'],
    setupFiles: ['./test/seed.ts'],
    server: { deps: { external: [/\/dist\/.*\.js$/] } },
  },
});
