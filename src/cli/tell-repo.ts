/** Tells in a few words what moved in the repository, and who did it. */
import type { Actor, BranchMoved, Event, HeadMoved, StashChanged } from '../contract/types.gen.ts';
import { describeDrift } from '../drift/describe-drift.ts';
import { showCount } from './amounts.ts';
import { shortId } from './show-log.ts';

type Told = readonly [what: string, about: string];

export function tellRepo(event: Event): Told | undefined {
  switch (event.type) {
    case 'head-moved':
      return [tellCause(event), join([tellMove(event), event.message, tellActor(event.actor)])];
    case 'branch-moved':
      return [`branch ${event.cause}`, join([tellBranch(event), tellActor(event.actor)])];
    case 'stash-changed':
      return [tellStash(event), join([event.message, tellActor(event.actor)])];
    default:
      return tellDrift(event);
  }
}

function tellDrift(event: Event): Told | undefined {
  switch (event.type) {
    case 'drift-found': {
      const { title, description } = describeDrift(event.found);
      return [`drift: ${event.found.level}`, join([title, description])];
    }
    case 'drift-resolved':
      return [`drift: ${event.how}`, join([event.after.branch, event.after.head?.slice(0, 9)])];
    case 'hooks-mended':
      return [`hooks ${event.how}`, event.hooks.join(', ')];
    case 'context-added':
      return ['told the agent', event.text.trim()];
    default:
      return undefined;
  }
}

const join = (parts: readonly (string | undefined)[]) =>
  parts.filter((it) => it !== undefined && it !== '').join(' · ');

const words: Partial<Record<HeadMoved['cause'], string>> = {
  checkout: 'switched',
  orphan: 'switched to nothing',
  rename: 'branch renamed',
  'update-ref': 'HEAD set',
  unlogged: 'HEAD moved',
  other: 'HEAD moved',
};

function tellCause({ cause, ended }: HeadMoved): string {
  const word = words[cause] ?? cause;
  return ended === undefined || ended === 'done' ? word : `${word} ${ended}`;
}

/** Where HEAD was and is: the branch, or the commit where there is none, and both where only that tells. */
function tellMove({ fromBranch, branch, from, to }: HeadMoved): string {
  const [before, after] = [fromBranch ?? shortCommit(from), branch ?? shortCommit(to)];
  if (before !== after) return `${before} -> ${after}`;
  return `${after} ${shortCommit(from)} -> ${shortCommit(to)}`;
}

function tellBranch({ branch, was, from, to, cause }: BranchMoved): string {
  if (was !== undefined) return `${was} -> ${branch}`;
  if (cause === 'moved') return `${branch} ${shortCommit(from)} -> ${shortCommit(to)}`;
  return `${branch} ${shortCommit(to ?? from)}`;
}

function tellStash({ cause, commits }: StashChanged): string {
  const many = commits.length === 1 ? '' : ` ${showCount(commits.length, 'entry', 'entries')}`;
  return cause === 'pushed' ? `stashed${many}` : `stash dropped${many}`;
}

const shortCommit = (id: string | undefined) => id?.slice(0, 9) ?? '(no commit)';

/** Nothing where no hook was a witness. */
function tellActor({ kind, run }: Actor): string | undefined {
  if (kind === 'person') return 'by somebody at a terminal';
  if (run === undefined) return undefined;
  return kind === 'own' ? 'by the agent' : `by the agent of ${shortId(run)}`;
}
