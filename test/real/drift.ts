/** After a case: what clew found of a moved repository, turn by turn, and that it was written down in time. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../src/contract/types.gen.ts';
import { readEvents } from '../whole/journals.ts';
import type { Case } from './kit.ts';

/** What is wrong, in words. Cases without a file in drift/ find nothing. */
export function checkDrift({ agent, name }: Case, home: string): string[] {
  const path = resolve(import.meta.dirname, 'drift', agent, `${name}.json`);
  const events = readEvents(home);
  if (!existsSync(path)) {
    const drifts = events.filter((it) => it.type === 'drift-found' && it.found.level === 'alert');
    return drifts.map((it) => `nobody moved anything, and clew found ${JSON.stringify(it)}`);
  }
  const wanted = JSON.parse(readFileSync(path, 'utf8')) as string[][];
  const { found, late } = foldTurns(events);
  const wrong = late.map((it) => `found when the agent had begun its turn: ${it}`);
  if (isDeepStrictEqual(found, wanted)) return wrong;
  const show = (it: unknown) => JSON.stringify(it, null, 2);
  return [...wrong, `drift found\n${show(found)}\nexpected\n${show(wanted)}`];
}

/** For each prompt, what was found before it; and what was found only when the agent had answered. */
function foldTurns(events: readonly Event[]) {
  const found: string[][] = [];
  const late: string[] = [];
  let before: string[] = [];
  let isAnswered = false;
  for (const event of events) {
    if (event.type === 'turn-started') {
      found.push(before);
      before = found.at(-1) ?? [];
      isAnswered = false;
    } else if (event.type === 'step-started') isAnswered = true;
    else if (event.type === 'turn-ended') {
      before = [];
      isAnswered = false;
    } else if (event.type === 'drift-found') {
      const { level, reasons, files } = event.found;
      const told = [level, ...reasons, ...files.map((it) => it.path)].join(' ');
      before.push(told);
      if (isAnswered) late.push(told);
    }
  }
  return { found, late };
}
