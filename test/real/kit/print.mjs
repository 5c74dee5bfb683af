#!/usr/bin/env node
// Takes an agent that prints JSON, one object per line, through a case: each prompt is a run of its own.
//   node print.mjs --case FILE --repo DIR --out FILE [--stderr FILE] -- AGENT COMMAND...
//
// The prompt goes through stdin, as a pipe would bring it. Steps: {"run": [...]} with {"resume": true} to go
// on with the session, {"exit": 1} for another exit code than 0; {"sh": "command"}: the user does something.
import { execSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { changes, checkDisk, promptText, readOptions } from './lib/cases.mjs';

const { repo, command, out, stderrFile, case: script } = readOptions();
const failures = [];
const items = new Map(); // id: "type status", as last printed
const transcript = fs.openSync(out, 'w');
const errors = fs.openSync(stderrFile, 'a');
const started = Date.now();
let session = null;
let ended = 'with 0';

const note = (dir, raw) => fs.writeSync(transcript, `${JSON.stringify({ dir, t: Date.now() - started, raw })}\n`);

function hear(run, line) {
  note('a2c', line);
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    failures.push(`stdout carried something else than JSON: ${line.slice(0, 100)}`);
    return;
  }
  session = message.thread_id ?? message.session_id ?? session;
  const { item } = message;
  if (item?.id && item.status) items.set(`${run} ${item.id}`, `${item.type} ${item.status}`);
}

function prompt(step, run) {
  const words = step.resume ? ['resume', session, '-'] : ['-'];
  const text = promptText(step);
  const child = spawn(command[0], [...command.slice(1), ...words], { cwd: repo, stdio: ['pipe', 'pipe', errors] });
  for (const line of text.split('\n')) note('c2a', line);
  child.stdin.on('error', () => {});
  child.stdin.end(`${text}\n`);
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) hear(run, line);
  });
  const timer = setTimeout(() => {
    failures.push('a run took more than 60 s');
    child.kill('SIGKILL');
  }, 60_000);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (rest !== '') hear(run, rest);
      const wanted = step.exit ?? 0;
      if (code !== wanted) failures.push(`ended with ${code ?? signal}, expected ${wanted}`);
      ended = signal ? `by ${signal}` : `with ${code}`;
      console.log(`${code === wanted ? 'ok  ' : 'FAIL'} ${'session/prompt'.padEnd(26)} ${ended}`);
      resolve();
    });
  });
}

for (const [run, step] of script.steps.entries()) {
  if (step.sh) execSync(step.sh, { cwd: repo, stdio: 'inherit' });
  else await prompt(step, run);
}
failures.push(...checkDisk(script.disk, repo));
console.log(`tool calls: ${[...items.values()].sort().join(', ') || 'none'}`);
console.log('the agent asked: nothing');
console.log(`changed on disk: ${changes(repo)}`);
console.log(`agent ended: ${ended}`);
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(failures.length ? 'FAIL' : 'PASS');
process.exit(failures.length ? 1 : 0);
