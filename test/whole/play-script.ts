/** Plays a script between an editor (here) and an agent (a process), bare or through the sidecar, and says what differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { includesAll } from './journals.ts';
import { type Ear, openEar, play, type Script, wantedBy } from './peers/play.mjs';
import { type Ending, openStage, peers, type Running, type Stage } from './stage.ts';
import { within } from './until.ts';

export type Played = {
  /** What reached the editor and what reached the agent. */
  heard: { editor: Buffer; agent: Buffer };
  ending: Ending | 'never';
  stderr: string;
  /** The step at which the editor waited in vain, or -1. */
  stuckAt: number;
};

export type PlayOptions = {
  /** The sidecar; without it there is none. */
  main?: string;
  env?: Record<string, string>;
  /** What the sidecar starts instead of the agent, with the agent behind it. */
  around?: readonly string[];
  /** How long the script may take. */
  limitMs?: number;
};

/** Plays on a stage that may be looked at afterwards. */
export async function playScript(
  stage: Stage,
  script: Script,
  extra: PlayOptions = {},
): Promise<Played> {
  const scriptFile = join(stage.folder, 'script.json');
  const heardFile = join(stage.folder, 'heard');
  writeFileSync(scriptFile, printScript(script));
  writeFileSync(heardFile, '');

  const { main, env = {}, limitMs = 120_000, around = [] } = extra;
  const player = [process.execPath, join(peers, 'player.mjs'), scriptFile, heardFile];
  const agent = [...around, ...player];
  const running =
    main === undefined ? stage.start(agent, { env }) : stage.sidecar(agent, { main, env });
  const ear = openEar(running.process.stdout, wantedBy('editor', script));
  const stuckAt = await playEditor(running, script, { ear, limitMs });
  const ending = await endOf(running);
  return {
    heard: { editor: ear.heard(), agent: readFileSync(heardFile) },
    ending,
    stderr: running.stderr(),
    stuckAt,
  };
}

async function playEditor(running: Running, script: Script, extra: { ear: Ear; limitMs: number }) {
  const { ear, limitMs } = extra;
  const output = running.process.stdin;
  try {
    const stuckAt = await within('the script', play('editor', script, { ear, output }), limitMs);
    output.end(script.tails?.editor ?? '');
    return stuckAt;
  } catch (problem) {
    output.destroy();
    if (!String(problem).includes('the script')) throw problem;
    return 0;
  }
}

async function endOf(running: Running): Promise<Ending | 'never'> {
  try {
    return await within('the end', running.ended);
  } catch (problem) {
    if (!String(problem).includes('the end')) throw problem;
    return 'never';
  }
}

/** What does not arrive as it was said; nothing when all does. */
export async function checkThrough(
  script: Script,
  main: string,
  extra: PlayOptions = {},
): Promise<string[]> {
  await using stage = openStage();
  const { heard, ending } = await playScript(stage, script, { main, ...extra });
  return [
    ...compare('the editor hears', heard.editor, wantedBy('editor', script), 'sidecar'),
    ...compare('the agent hears', heard.agent, wantedBy('agent', script), 'sidecar'),
    ...(includesAll(ending, { code: 0, signal: null })
      ? []
      : [`ending: ${JSON.stringify(ending)}`]),
  ];
}

/** What is not as it is without the sidecar; nothing when it is transparent. */
export async function checkTransparent(
  script: Script,
  main: string,
  look: (stage: Stage) => string[],
): Promise<string[]> {
  await using bareStage = openStage();
  await using stage = openStage();
  const bare = await playScript(bareStage, script);
  const through = await playScript(stage, script, { main });
  return [
    ...compare('the editor hears', bare.heard.editor, wantedBy('editor', script), 'bare'),
    ...compare('the agent hears', bare.heard.agent, wantedBy('agent', script), 'bare'),
    ...compare('the editor hears', through.heard.editor, bare.heard.editor, 'sidecar'),
    ...compare('the agent hears', through.heard.agent, bare.heard.agent, 'sidecar'),
    ...(through.stderr === bare.stderr ? [] : [`stderr: ${through.stderr}`]),
    ...(includesAll(through.ending, bare.ending)
      ? []
      : [`ending: ${JSON.stringify(through.ending)} for ${JSON.stringify(bare.ending)}`]),
    ...look(stage),
  ];
}

export function compare(what: string, found: Buffer, wanted: Buffer, how: string): string[] {
  if (found.equals(wanted)) return [];
  let at = 0;
  while (at < found.length && found[at] === wanted[at]) at += 1;
  const show = (bytes: Buffer) =>
    JSON.stringify(bytes.subarray(Math.max(0, at - 20), at + 40).toString('latin1'));
  return [
    `${how}: ${what} ${found.length} bytes for ${wanted.length}, differing at ${at}: ${show(found)} for ${show(wanted)}`,
  ];
}

function printScript(script: Script): string {
  return JSON.stringify({
    steps: script.steps.map((step) => ({ ...step, bytes: step.bytes.toString('base64') })),
    tails: {
      editor: (script.tails?.editor ?? Buffer.alloc(0)).toString('base64'),
      agent: (script.tails?.agent ?? Buffer.alloc(0)).toString('base64'),
    },
  });
}
