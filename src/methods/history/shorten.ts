/** history/shorten: drops what was said in the oldest closed sessions until the history is within its budget. */
import { readSetting } from '../../store/settings.ts';
import { measureHistory, shortenHistory } from '../../store/shorten-history.ts';
import type { Handler } from '../context.ts';

export const historyShorten: Handler<'history/shorten'> = async (context, params) => {
  const { maxBytes, dryRun = false } = params;
  const folder = context.folder();
  const { value } = readSetting({ home: context.home, folder: folder.path }, 'history.max_bytes');
  const limitBytes = maxBytes ?? (typeof value === 'number' ? value : undefined);
  if (limitBytes === undefined) {
    const { bytes, held } = measureHistory(folder);
    const nothing = { files: 0, bodies: 0, entries: 0 };
    return { bytesBefore: bytes, bytesAfter: bytes, ...nothing, held, dryRun };
  }
  const now = context.mint().at;
  const { held, ...report } = await shortenHistory(folder, { limitBytes, now, dryRun });
  const { files, bodies, entries, bytesBefore, bytesAfter } = report;
  if (files > 0 && !dryRun)
    await context.record({ event: { type: 'history-shortened', ...report } });
  const told = { limitBytes, bytesBefore, files, bodies, entries, held, dryRun };
  return { ...told, bytesAfter: files === 0 ? bytesBefore : bytesAfter };
};
