/** Where processes of one user meet: a private folder with a short path, for sockets have little room for names. */
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { openPrivateFolder } from './private-folder.ts';

export function openSocketFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return '\\\\.\\pipe\\';
  const runtime = env['XDG_RUNTIME_DIR'];
  const folder =
    runtime !== undefined && isAbsolute(runtime) && runtime.length < 60
      ? join(runtime, 'clew')
      : join(tmpdir(), `clew-${userInfo().uid}`);
  openPrivateFolder(folder);
  return folder;
}
