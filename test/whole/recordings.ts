/** The recorded conversations of real agents, as scripts that can be played again. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Script } from './peers/play.mjs';

const folder = resolve(import.meta.dirname, '../acp/cases');

export const recordings: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort();

export function readRecording(name: string): Script {
  const lines = readFileSync(resolve(folder, name), 'utf8').trimEnd().split('\n');
  const steps: Script['steps'][number][] = [];
  for (const line of lines) {
    const { dir, raw } = JSON.parse(line) as { dir: string; raw: string };
    if (dir === 'c2a') steps.push({ from: 'editor', bytes: Buffer.from(`${raw}\n`) });
    if (dir === 'a2c') steps.push({ from: 'agent', bytes: Buffer.from(`${raw}\n`) });
  }
  return { steps };
}
