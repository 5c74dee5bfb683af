/** What set-up has done already, kept inside node_modules so that it goes when that goes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.mjs';

const path = join(root, 'node_modules', '.clew-setup.json');

export function readStamp() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {}; // never set up, or damaged: both mean that nothing is known to be done
  }
}

export function writeStamp(changes) {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...readStamp(), ...changes })}\n`);
}
