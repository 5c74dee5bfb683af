#!/usr/bin/env node
/** The front door (until the table of commands arrives). */
import { runSidecar } from './front.ts';

const at = process.argv.indexOf('--');
process.exit(
  await runSidecar({
    command: process.argv.slice(at + 1),
    lineLimitBytes: 64 << 20,
    patience: { graceMs: 10_000, killMs: 5_000 },
  }),
);
