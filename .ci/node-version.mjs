/** Stops with a plain word on a Node that is too old, before anything fails in a stranger way. */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const wanted = engines.node.replace('>=', '').split('.').map(Number);
const found = process.versions.node.split('.').map(Number);
const isOlder = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < (wanted[1] ?? 0));

if (isOlder) {
  process.stderr.write(`clew needs Node ${engines.node}; this is ${process.versions.node}\n`);
  process.exit(1);
}
