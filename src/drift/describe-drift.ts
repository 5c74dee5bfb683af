/** Tells a person that the ground has moved: what, whose files, and what can be done about it. */
import type { FoundDrift, Ground } from '../contract/types.gen.ts';
import { quoteName } from './quote-name.ts';
import { tellCause } from './write-context.ts';

const filesNamed = 3;

export function describeDrift(found: FoundDrift): { title: string; description: string } {
  const { level, reasons } = found;
  const title = `${nameMove(found)}${level === 'alert' ? '; what this session knows is not so any more' : ''}`;
  const parts = [
    found.causes.map(tellCause).join(', '),
    tellFiles(found),
    reasons.includes('base-gone') ? 'the commit it worked on is no longer in the history' : '',
    reasons.includes('branch-deleted') ? `branch ${name(found.before)} is gone` : '',
    reasons.includes('on-default-branch') ? `its work now lands on ${name(found.after)}` : '',
  ];
  return { title, description: parts.filter((it) => it !== '').join('; ') };
}

function nameMove({ before, after }: FoundDrift): string {
  if (before.branch !== after.branch)
    return `branch switched from ${name(before)} to ${name(after)}`;
  if (before.head !== after.head)
    return `${name(after)} moved from ${short(before)} to ${short(after)}`;
  return `files changed under ${name(after)}`;
}

const name = (ground: Ground) =>
  ground.branch === undefined ? `commit ${short(ground)}` : quoteName(ground.branch);
const short = ({ head }: Ground) => head?.slice(0, 9) ?? '(no commit)';

function tellFiles({ files, filesLeftOut = 0 }: FoundDrift): string {
  if (files.length === 0) return '';
  const named = files.slice(0, filesNamed).map((it) => `${quoteName(it.path)} (${it.now})`);
  const more = files.length + filesLeftOut - named.length;
  const many =
    files.length + filesLeftOut === 1 ? 'one file it knows differs' : 'files it knows differ';
  return `${many}: ${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
