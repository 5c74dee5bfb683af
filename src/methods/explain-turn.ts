/** The lines that a turn wrote, in the files as it left them. */

import { cutParts } from '../attribution/cut-parts.ts';
import { judgeFigures } from '../attribution/judge-figures.ts';
import { originsOf } from '../attribution/origins-of.ts';
import { isLinewise, readText } from '../attribution/text-lines.ts';
import type { TracedFile } from '../attribution/write-trace.ts';
import { Failure } from '../errors.ts';
import { findOfKind } from '../undo/find-scope.ts';
import type { Context } from './context.ts';
import type { Attribution } from './open-attribution.ts';

export type ExplainedTurn = { readonly turn: string; readonly files: readonly TracedFile[] };

export async function explainTurn(
  context: Context,
  { checkpoints, ledger, texts }: Attribution,
  word: string,
): Promise<ExplainedTurn> {
  const keeper = await context.keeper();
  const turn = findOfKind(checkpoints, 'turn', word);
  const own = checkpoints.filter(({ marks }) => marks['turn'] === turn);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined)
    throw new Failure('unknown-id', `there is no checkpoint of turn ${turn} any more`);
  const windows = await keeper.windows(first.id, last.id);
  const paths = [...new Set(windows.flatMap((it) => it.changes.map(({ path }) => path)))].sort();
  const versions = await keeper.versionsAt(last.id, paths);
  const files: TracedFile[] = [];
  for (const [at, path] of paths.entries()) {
    const version = versions[at] ?? null;
    if (version === null || version === 'unknown' || !version.mode.startsWith('100')) continue;
    const raw = await texts.read(version.oid);
    if (raw === undefined || !isLinewise(raw)) continue;
    const { lines } = readText(raw);
    const origins = originsOf(ledger.find(version.oid, path), lines.length);
    const excluded = judgeFigures(path, raw);
    files.push({
      path,
      blob: version.oid,
      lines,
      parts: cutParts(origins, ({ by }) => by?.turn === turn),
      ...(excluded === undefined ? {} : { excluded }),
    });
  }
  return { turn, files };
}
