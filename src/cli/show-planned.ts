/** Lays out what an agent planned, as it stands now. */
import type { SessionTaskCard } from '../contract/types.gen.ts';
import type { Paint } from './paint.ts';
import { showBlock, showLine } from './printable.ts';
import { paintStatus } from './show-tasks.ts';

const marks = { open: '[ ]', active: '[>]', blocked: '[!]', done: '[x]', dropped: '[-]' } as const;

export function showPlanned(entries: readonly SessionTaskCard[], paint: Paint): string[] {
  return entries.map((entry) => {
    const { id, title, status, stalled, listed, promoted } = entry;
    const about = [
      stalled ? paint('stalled', 'odd') : '',
      listed ? '' : paint('no longer in the plan', 'faint'),
      promoted === undefined ? '' : `is ${showLine(promoted)}`,
    ].filter((it) => it !== '');
    const [first = '', ...rest] = showBlock(title.trim()).split('\n');
    const mark = paintStatus(marks[status], { status, ready: false }, paint);
    const head = `  ${mark} ${paint(showLine(id), 'faint')}  ${first}`;
    const indent = ' '.repeat(marks.open.length + showLine(id).length + 5);
    return [
      about.length === 0 ? head : `${head}  (${about.join(', ')})`,
      ...rest.map((it) => indent + it),
    ].join('\n');
  });
}
