#!/usr/bin/env node
/** Where the program begins: the arguments name a command, and only that is loaded. */
import { openIo } from './cli/io.ts';
import { run } from './cli/run.ts';

process.exitCode = await run(process.argv.slice(2), openIo(), {
  async startSidecar(options) {
    const { runSidecar } = await import('./front.ts');
    // Its streams and its thread would keep the process alive.
    process.exit(await runSidecar(options));
  },
  async startServer(options) {
    const { serveStdio } = await import('./rpc/serve-stdio.ts');
    process.exit(await serveStdio(options));
  },
});
