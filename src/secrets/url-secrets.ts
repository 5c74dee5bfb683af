/** Finds the password in `scheme://user:password@host`, a token in its place, and webhook addresses. */
import type { Hit } from './hit.ts';
import { isPossible, looksRandom } from './likeness.ts';

const longestAuthority = 512;
const authority = /[^\s/?#"'<>`\\]*/y;
const webhook =
  /(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/([\w/-]{16,200})/y;

/** `at` is the colon of `://`. */
export function findUrlSecret(text: string, at: number): Hit | undefined {
  const from = at + 3;
  webhook.lastIndex = from;
  const hook = webhook.exec(text)?.[1];
  if (hook !== undefined)
    return { from: webhook.lastIndex - hook.length, to: webhook.lastIndex, reason: 'webhook' };
  const user = readUser(text, from);
  if (user === undefined) return undefined;
  const colon = user.indexOf(':');
  if (colon === -1)
    return 16 <= user.length && looksRandom(user)
      ? { from, to: from + user.length, reason: 'url-token' }
      : undefined;
  const password = user.slice(colon + 1);
  return password !== '' && isPossible(password)
    ? { from: from + colon + 1, to: from + user.length, reason: 'url-password' }
    : undefined;
}

/** What stands before the last `@` of the authority. */
function readUser(text: string, from: number): string | undefined {
  const piece = text.slice(from, from + longestAuthority);
  authority.lastIndex = 0;
  const whole = authority.exec(piece)?.[0] ?? '';
  const end = whole.lastIndexOf('@');
  return end < 1 ? undefined : whole.slice(0, end);
}
