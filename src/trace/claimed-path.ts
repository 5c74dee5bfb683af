/** Names a path the way the index keeps it: relative to the workspace where it is inside. */

export type Place = { readonly workspace?: string | undefined; readonly cwd?: string | undefined };

export function nameClaimedPath(path: string, place: Place): string {
  const whole = normalise(
    isAbsolute(path) ? path : `${place.cwd ?? place.workspace ?? ''}/${path}`,
  );
  const root = place.workspace === undefined ? undefined : normalise(place.workspace);
  if (root === undefined) return whole;
  if (whole === root) return '.';
  const inside = root === '/' ? '/' : `${root}/`;
  return whole.startsWith(inside) ? whole.slice(inside.length) : whole;
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || isDrivePath(path);
}

function isDrivePath(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path);
}

/** Takes `.`, `..` and doubled slashes out, without looking at any disk. */
function normalise(path: string): string {
  const slashed = isDrivePath(path) ? path.replaceAll('\\', '/') : path;
  const rooted = slashed.startsWith('/');
  const kept: string[] = [];
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return (rooted ? '/' : '') + kept.join('/');
}
