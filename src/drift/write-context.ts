/** Writes the words that are put before a prompt so that the agent knows; short, and nothing but facts. */
import type { DriftCause, FileDrift, FoundDrift, Ground } from '../contract/types.gen.ts';

import { quoteName } from './quote-name.ts';

const fileLimit = 20;

export function writeContext({
  before,
  after,
  reasons,
  causes,
  files,
  filesLeftOut,
}: FoundDrift): string {
  const lines = [
    tellChange(before, after),
    ...(causes.length === 0 ? [] : [`What happened: ${causes.map(tellCause).join('; ')}.`]),
    ...(reasons.includes('base-gone')
      ? ['The commit that you worked on is no longer part of the history.']
      : []),
    ...(reasons.includes('on-default-branch')
      ? ['What you commit now lands on the default branch.']
      : []),
    ...tellFiles('These files are not as you know them', files, filesLeftOut ?? 0),
  ];
  return wrap(lines);
}

function tellChange(before: Ground, after: Ground): string {
  const [was, is] = [tellPlace(before), tellPlace(after)];
  return was === is
    ? `Files were changed by git outside of this conversation; it is still at ${is}.`
    : `The repository was changed outside of this conversation: ${was} is now ${is}.`;
}

/** After the person chose to have the context built anew. */
export function writeReread(after: Ground, files: readonly FileDrift[]): string {
  return wrap([
    `The repository was changed outside of this conversation; it is now at ${tellPlace(after)}.`,
    ...tellFiles('Read these files again before you rely on them', files, 0),
  ]);
}

/** Says where it comes from, so that nobody takes it for the person's words. */
const wrap = (lines: readonly string[]) => `<clew-notice>\n${lines.join('\n')}\n</clew-notice>\n`;

function tellFiles(words: string, files: readonly FileDrift[], leftOut: number): string[] {
  if (files.length === 0) return [];
  const named = files.slice(0, fileLimit).map((it) => `- ${quoteName(it.path)} (${it.now})`);
  const more = files.length - named.length + leftOut;
  return [`${words}:`, ...named, ...(more === 0 ? [] : [`- and ${more} more`])];
}

function tellPlace({ branch, head }: Ground): string {
  const commit = head?.slice(0, 9);
  if (branch === undefined) return commit === undefined ? 'no commit' : `commit ${commit}`;
  const name = quoteName(branch);
  return commit === undefined ? `branch ${name} without a commit` : `${name} at ${commit}`;
}

const words: Readonly<Record<string, string>> = {
  checkout: 'switched',
  orphan: 'switched to a branch without a commit',
  rename: 'branch renamed',
  'update-ref': 'HEAD set',
  unlogged: 'HEAD moved',
  other: 'HEAD moved',
  pushed: 'work put into the stash',
  dropped: 'an entry of the stash taken out',
  deleted: 'branch deleted',
};

export function tellCause(it: DriftCause): string {
  return [words[it.cause] ?? it.cause, tellWhere(it), tellWho(it)]
    .filter((part) => part !== '')
    .join(' ');
}

function tellWhere({ what, fromBranch, branch }: DriftCause): string {
  if (what === 'stash-changed' || branch === undefined) return '';
  if (what === 'branch-moved') return quoteName(branch);
  if (fromBranch === undefined || fromBranch === branch) return `on ${quoteName(branch)}`;
  return `from ${quoteName(fromBranch)} to ${quoteName(branch)}`;
}

function tellWho({ actor }: DriftCause): string {
  if (actor.kind === 'unknown') return '';
  return actor.kind === 'person' ? 'by a person' : 'by an agent';
}
