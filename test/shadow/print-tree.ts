/** A tree as one text: every name with what it is and its rights, so that two trees are the same when their texts are. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export function printTree(root: string, folder = ''): string {
  const lines: string[] = [];
  for (const name of readdirSync(join(root, folder)).sort()) {
    const inside = join(folder, name);
    const whole = join(root, inside);
    const stat = lstatSync(whole);
    const rights = spellRights(stat.mode);
    if (stat.isDirectory()) lines.push(`${inside}/ ${rights}`, printTree(root, inside));
    else if (stat.isSymbolicLink()) lines.push(`${inside} -> ${readlinkSync(whole)}`);
    else lines.push(`${inside} ${rights} ${digest(readFileSync(whole))}`);
  }
  return lines.filter((line) => line !== '').join('\n');
}

export function spellRights(mode: number): string {
  return (mode & 0o7777).toString(8);
}

export function digest(bytes: Uint8Array | string): string {
  return createHash('sha1').update(bytes).digest('hex').slice(0, 12);
}
