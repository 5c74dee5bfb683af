/** A short layer of which nothing is known yet but whose session it is, and how it is named on the disk. */
import type { ShortLayer } from '../contract/types.gen.ts';

export const shortVersion = 1;

const branchLimit = 60;

export function beginShort(session: string, at: number): ShortLayer {
  return {
    version: shortVersion,
    session,
    state: 'open',
    startedAt: momentOf(at),
    updatedAt: momentOf(at),
    turns: [],
    pending: [],
    edited: [],
    read: [],
    tests: [],
    alerts: [],
    checkpoints: [],
    commits: [],
    decisions: [],
    questions: [],
  };
}

export function momentOf(at: number): string {
  return new Date(at).toISOString();
}

/** `20261121T100500Z_main.json`; `attempt` tells apart what began in the same second on the same branch. */
export function nameShort(
  { startedAt, branch, forked }: Pick<ShortLayer, 'startedAt' | 'branch' | 'forked'>,
  attempt = 0,
): string {
  const time = (forked?.at ?? startedAt).replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  const name = (branch ?? 'no-branch')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, branchLimit);
  return `${time}_${name || 'branch'}${attempt === 0 ? '' : `_${attempt + 1}`}.json`;
}
