/** Lines of one kind in a file, in parts: each a run of lines that stand together. */
import type { Origin } from './origin.ts';

export type Part = {
  /** Number of its first line, from 1. */
  readonly start: number;
  readonly origins: readonly Origin[];
};

export function cutParts(
  origins: readonly Origin[],
  isWanted: (origin: Origin, at: number) => boolean,
): Part[] {
  const parts: { start: number; origins: Origin[] }[] = [];
  for (const [at, origin] of origins.entries()) {
    if (!isWanted(origin, at)) continue;
    const last = parts.at(-1);
    if (last !== undefined && last.start - 1 + last.origins.length === at)
      last.origins.push(origin);
    else parts.push({ start: at + 1, origins: [origin] });
  }
  return parts;
}
