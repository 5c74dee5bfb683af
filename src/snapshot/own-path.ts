/** Which files in a workspace are copies of ours: what the journal says anyway is nobody's work there. */
import type { RawPath } from './raw-path.ts';

export const ownFolder = '.clew';
const ownFiles = /^\.clew\/(?:\.?project_state\.json(?:$|\.)|sessions(?:\/|$))/;

/** They are in no checkpoint: going back would take them for somebody's edit of the state. */
export function isOwnPath(path: RawPath): boolean {
  return path.startsWith(ownFolder) && ownFiles.test(path);
}
