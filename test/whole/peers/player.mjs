/** The agent's side of a script, as a process: `node player.mjs SCRIPT HEARD`. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { openEar, play, wantedBy } from './play.mjs';

const [scriptFile, heardFile] = process.argv.slice(2);
const written = JSON.parse(readFileSync(scriptFile, 'utf8'));
const script = {
  steps: written.steps.map((step) => ({ ...step, bytes: Buffer.from(step.bytes, 'base64') })),
  tails: {
    editor: Buffer.from(written.tails.editor, 'base64'),
    agent: Buffer.from(written.tails.agent, 'base64'),
  },
};

writeFileSync(heardFile, '');
// Written down as it comes, so that it is there even when somebody kills this process.
process.stdin.on('data', (chunk) => appendFileSync(heardFile, chunk));
const ear = openEar(process.stdin, wantedBy('agent', script));

const stuckAt = await play('agent', script, { ear, output: process.stdout });
await ear.ends();
if (stuckAt >= 0 || ear.wrongAt() >= 0) process.exit(99);
process.stdout.end(script.tails.agent, () => process.exit(0));
