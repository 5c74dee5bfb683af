#!/usr/bin/env node
/** Stands in for an agent that prints JSON: `printing-agent.mjs exec --json PLAN.json`. Each step of the plan is done in order. */
import { execSync } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';

const plan = JSON.parse(readFileSync(process.argv.at(-1), 'utf8'));
process.on('SIGTERM', () => {
  if (plan.onTerm !== 'stay') process.exit(143);
});

/** Straight to the descriptor: in pieces as they are given, and never lost at the exit. */
function print(bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

async function readInput() {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  return Buffer.concat(pieces);
}

for (const step of plan.steps) {
  if (step.print !== undefined) print(Buffer.from(`${JSON.stringify(step.print)}\n`));
  if (step.base64 !== undefined) print(Buffer.from(step.base64, 'base64'));
  if (step.fill !== undefined)
    for (let n = 0; n < step.fill; n += 1)
      print(Buffer.from(`{"type":"x","n":"${'y'.repeat(1000)}"}\n`));
  if (step.shell !== undefined) execSync(step.shell);
  if (step.input === true)
    print(Buffer.from(`${JSON.stringify({ input: (await readInput()).toString() })}\n`));
  if (step.tty === true)
    print(Buffer.from(`${JSON.stringify({ tty: process.stdin.isTTY === true })}\n`));
  if (step.stay === true) await new Promise((resolve) => setTimeout(resolve, 600_000));
  if (step.kill !== undefined) process.kill(process.pid, step.kill);
}
process.exit(plan.code ?? 0);
