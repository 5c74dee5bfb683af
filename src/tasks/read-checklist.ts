/** Reads a plan that is a text: its boxes to tick, if it has any, or the text as one entry. */
import type { PlanEntry } from '../contract/types.gen.ts';

const box = /^[ \t]{0,32}(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX~>-])\][ \t]+(\S.*)$/;
const states: Readonly<Record<string, string>> = {
  ' ': 'pending',
  x: 'completed',
  X: 'completed',
  '>': 'in_progress',
  '~': 'in_progress',
  '-': 'cancelled',
};
const entryLimit = 500;

export function readChecklist(text: string): PlanEntry[] {
  const entries: PlanEntry[] = [];
  for (const line of text.split('\n')) {
    const [, mark = '', content = ''] = box.exec(line.trimEnd()) ?? [];
    const status = states[mark];
    if (status !== undefined && entries.length < entryLimit) entries.push({ content, status });
  }
  if (0 < entries.length) return entries;
  const title = text.split('\n').find((it) => it.trim() !== '');
  return title === undefined ? [] : [{ content: title.replace(/^#+\s*/, '').trim(), status: '' }];
}
