#!/usr/bin/env node
/** The front door (until the table of commands arrives). */
import { runSidecar } from './front.ts';

const at = process.argv.indexOf('--');
process.exit(
  await runSidecar({
    command: process.argv.slice(at + 1),
    lineLimitBytes: Number(process.env.CLEW_LINE_LIMIT ?? 64 << 20),
    patience: {
      graceMs: Number(process.env.CLEW_GRACE_MS ?? 10_000),
      killMs: Number(process.env.CLEW_KILL_MS ?? 5_000),
    },
  }),
);
