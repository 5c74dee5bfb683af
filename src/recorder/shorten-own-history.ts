/** Keeps the history of a workspace within its budget, where one is set, while nothing happens there. */
import type { HistoryShortened } from '../contract/types.gen.ts';
import { readSetting } from '../store/settings.ts';
import { shortenHistory } from '../store/shorten-history.ts';
import { findWorkspaceFolder, openStateHome } from '../store/state-folder.ts';

/** Undefined when there was nothing to do. */
export async function shortenOwnHistory(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
  now: number,
): Promise<HistoryShortened | undefined> {
  const home = openStateHome(env);
  const folder = findWorkspaceFolder({ home, workspace: root });
  if (folder === undefined) return undefined;
  const { value } = readSetting({ home, folder: folder.path }, 'history.max_bytes');
  if (typeof value !== 'number') return undefined;
  const { held: _, ...told } = await shortenHistory(folder, { limitBytes: value, now });
  return told.files === 0 ? undefined : { type: 'history-shortened', ...told };
}
