/** Which commits the one that HEAD names grew out of, as far as git's own logs tell; no object is read. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReflogLine } from '../drift/reflog-line.ts';
import { readRefLog } from './read-ref-log.ts';
import { readReflog } from './read-reflog.ts';
import { readTableStack } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

export type Ancestry = {
  /** The nearest of these that `head` is or grew out of, and how many moves of HEAD lie between. */
  nearest(head: string, wanted: ReadonlySet<string>): { commit: string; steps: number } | undefined;
  isAncestor(older: string, newer: string): boolean;
};

/** After these HEAD is at a child of where it was; other moves prove nothing. */
const forward =
  /^(?:commit(?! \(amend\))|(?:merge|(?:initial )?pull)\b.*: (?:Fast-forward|Merge made)|cherry-pick: |revert: |am: |rebase \(pick\): )/;
const logLimit = 500;

export function readAncestry(gitDir: string, commonDir: string): Ancestry {
  const parents = new Map<string, Set<string>>();
  for (const lines of [readRefLog(gitDir, 'HEAD').lines, ...readBranchLogs(commonDir)])
    for (const { from, to, message } of lines) {
      if (from === undefined || to === undefined || from === to || !forward.test(message)) continue;
      parents.set(to, (parents.get(to) ?? new Set()).add(from));
    }

  function nearest(head: string, wanted: ReadonlySet<string>) {
    const steps = new Map([[head, 0]]);
    for (const [commit, count] of steps) {
      if (wanted.has(commit)) return { commit, steps: count };
      for (const it of parents.get(commit) ?? []) if (!steps.has(it)) steps.set(it, count + 1);
    }
    return undefined;
  }

  return {
    nearest,
    isAncestor: (older, newer) => nearest(newer, new Set([older])) !== undefined,
  };
}

function* readBranchLogs(commonDir: string): Generator<readonly ReflogLine[]> {
  const stack = readTableStack(commonDir);
  if (stack !== undefined) {
    const names = stack.logNames().filter((it) => it.startsWith('refs/heads/'));
    for (const name of names.slice(0, logLimit)) yield stack.log(name);
    return;
  }
  const folder = join(commonDir, 'logs', 'refs', 'heads');
  const found = withoutMissing(() => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  for (const name of (found ?? []).slice(0, logLimit)) yield readReflog(join(folder, name)).lines;
}
