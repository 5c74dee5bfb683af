/** How the tests are run; what they are is in test/, which mirrors src/. */
import { defineConfig } from 'vitest/config';
import { listGrowing } from './test/list-growing.ts';
import { isSoak, longestMs } from './test/soak.ts';
import { takeBuilt } from './test/take-built.ts';

if (isSoak) process.env['CLEW_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31));

export default defineConfig({
  plugins: [takeBuilt()],
  test: {
    include: isSoak ? listGrowing() : ['test/**/*.test.ts'],
    // Long enough for a machine that is busy with twenty things: no test waits so long unless something is wrong.
    testTimeout: isSoak ? longestMs : 300_000,
    hookTimeout: 300_000,
    reporters: ['default', './test/plain-line.ts', ...(isSoak ? ['./test/repeat-line.ts'] : [])],
    maxWorkers: 2,
    globalSetup: ['./.ci/before-tests.mjs'],
    setupFiles: ['./test/surroundings.ts', './test/seed.ts'],
    server: { deps: { external: [/\/dist\/.*\.js$/] } },
  },
});
