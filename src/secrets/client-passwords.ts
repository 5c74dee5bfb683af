/** Finds passwords that clients take behind a single dash: `sshpass -p …`, `mysql -p…`, `redis-cli -a …`. */
import type { Hit } from './hit.ts';
import { isPossible } from './likeness.ts';

const clients = ['sshpass', 'mysql', 'mariadb', 'redis-cli'];
const flag =
  /\b(?:sshpass[ \t]+-p[ \t]*|(?:mysql|mariadb)(?:-?[a-z]{1,8})?\b[^\n|;&]{0,120}?[ \t]-p|redis-cli\b[^\n|;&]{0,120}?[ \t]-a[ \t]+)\\{0,3}(["']?)([^\s"'\\]{4,128})/g;

export function findClientPasswords(text: string, hits: Hit[]): void {
  if (!clients.some((it) => text.includes(it))) return;
  for (const match of text.matchAll(flag)) {
    const [whole, , value = ''] = match;
    const to = match.index + whole.length;
    if (isPossible(value)) hits.push({ from: to - value.length, to, reason: 'password' });
  }
}
