/** A stale edit in words: what its agent is told, and what a person is asked. */
import { countLost } from './find-losses.ts';
import type { StaleEdit } from './judge-write.ts';
import { showShortDiff } from './short-diff.ts';

/** Told to every agent and host in these words, so that they can be searched for. */
const conflictCode = 'CONFLICT';

export type Refusal = {
  readonly message: string;
  readonly hint: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export function tellRefusal(path: string, stale: StaleEdit, seenText: string | undefined): Refusal {
  const { seen, found, losses } = stale;
  const since = seen.how === 'own' ? 'you last wrote it' : 'you read it';
  const what = found.blob === null ? 'was removed' : 'was changed by somebody else';
  const hint = 'read the file again, then make your change on what is there now';
  const diff = showShortDiff(seenText ?? '', found.text ?? '');
  return {
    message: `conflict: ${path} ${what} since ${since} (you know ${nameShort(seen.blob)}, there is ${nameShort(found.blob)}): ${hint}`,
    hint,
    data: {
      code: conflictCode,
      path,
      seen: { ...seen },
      found: { blob: found.blob },
      lost: losses.lost,
      revived: losses.revived,
      ...(diff === '' ? {} : { diff }),
    },
  };
}

export function titleQuestion(path: string, stale: StaleEdit): string {
  return `${path} changed after the agent ${stale.seen.how === 'own' ? 'wrote' : 'read'} it: ${describeLosses(stale)} would be lost`;
}

function describeLosses({ losses }: Pick<StaleEdit, 'losses'>): string {
  const lost = countLost(losses);
  const back = losses.revived;
  const parts = [
    lost === 0 ? undefined : count(lost, 'line of somebody else', 'lines of somebody else'),
    back === 0 ? undefined : count(back, 'removal by somebody else', 'removals by somebody else'),
  ];
  return parts.filter((it) => it !== undefined).join(' and ');
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function nameShort(blob: string | null): string {
  return blob === null ? 'no file' : blob.slice(0, 12);
}
