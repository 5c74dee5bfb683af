/** The demo, `npm start`: a sidecar around an agent, an editor, three turns, and what clew knows afterwards. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withEditor } from './editor.ts';
import { bold, faint, green, say, sayHeading } from './paint.ts';
import { followRecording } from './recording.ts';
import { demoScript, prompts } from './script.ts';
import { saySettings } from './settings.ts';
import { openThrowaway, type Throwaway } from './throwaway.ts';

const root = resolve(import.meta.dirname, '../..');
const main = resolve(root, 'dist/main.js');
const agent = resolve(root, 'test/fixtures/scripted-agent.mjs');
/** Exit code of commands where the native module could not be built. */
const indexUnavailable = 4;

const place = openThrowaway();
const env = { ...process.env, CLEW_HOME: place.home };
try {
  say(`${bold('clew')} stands between an editor and an agent, forwards every byte, and remembers.`);
  say(faint(`A throwaway repository: ${place.repository}`));
  say(faint(`The command:            clew acp -- node ${agent}`));
  await recordTurns(place);
  await showAnswer('log');
  await showAnswer('show', '@session');
  await goBack();
  saySettings(main);
} finally {
  place.remove();
}

async function recordTurns({ repository, home }: Throwaway): Promise<void> {
  const command = [main, 'acp', '--', process.execPath, agent];
  const sidecar = spawn(process.execPath, command, {
    cwd: repository,
    env: { ...env, SCRIPTED_AGENT: JSON.stringify(demoScript) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = once(sidecar, 'exit');
  const recording = followRecording(home);
  try {
    await withEditor(sidecar, repository, async (editor) => {
      for (const [i, text] of prompts.entries()) {
        sayHeading(`Turn ${i + 1}`);
        say(`  ${green('you')}      ${text}`);
        await editor.prompt(text);
        if (!(await recording.waitFor('turn-ended')))
          throw new Error('the end of the turn did not reach the journal');
      }
      say();
    });
    sidecar.stdin.end();
    await left;
  } finally {
    recording.close();
    sidecar.kill();
  }
}

/** The last turn threw the notes away; meanwhile a person has worked on, and that stays. */
async function goBack(): Promise<void> {
  sayHeading('Your notes again');
  say(`  ${green('you')}      write a line into ${bold('src/cart.js')} by hand`);
  appendFileSync(join(place.repository, 'src/cart.js'), '// TODO: round to cents\n');
  await showAnswer('diff', '@turn', '--stat');
  await showAnswer('undo', '@turn');
  await showAnswer('diff', '@turn');
  await showAnswer('checkpoints');
}

/** Runs a command of clew in the repository, in plain sight. */
async function showAnswer(...words: readonly string[]): Promise<void> {
  sayHeading(`$ clew ${words.join(' ')}`);
  const asked = spawn(process.execPath, [main, ...words], {
    cwd: place.repository,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(asked, 'exit');
  if (code !== 0 && code !== indexUnavailable) process.exitCode = 1;
}
