/** Finds what an Authorization or Cookie header carries, and leaves the scheme in sight. */
import { type Hit, judgedLength } from './hit.ts';
import type { KeyName } from './key-names.ts';
import { isPossible, looksRandom, looksSecret } from './likeness.ts';

/** After `:` as it is; after `=` only in quotes, for else it is a program that gets it from somewhere. */
const header = `([^\\r\\n"'\`\\\\]{4,${judgedLength}})`;
const afterColon = new RegExp(`[ \\t]*\\\\{0,3}["'\`]?${header}`, 'y');
const afterEquals = new RegExp(`[=>:]?[ \\t]*[bfru]{0,2}\\\\{0,3}["'\`]${header}`, 'y');
/** Schemes that carry many parameters; none of them is worth keeping. */
const parameters =
  /(?:Digest|AWS4-[\w-]+|Signature|Hawk|OAuth)[ \t]+((?:[\w-]+=(?:\\{0,3}"[^"\r\n]{0,500}"|[^\s,"]{1,500})[, \t]*){2,40})/iy;
const scheme = /^([A-Za-z][\w-]*)[ \t]+/;

export const isHeader = (name: string) =>
  /^(?:(?:set-|proxy-)?cookie|(?:proxy-)?authorization)$/i.test(name);

export function findHeaderSecret(text: string, at: number, judged: KeyName): Hit | undefined {
  const lead = text.charAt(at) === ':' ? afterColon : afterEquals;
  lead.lastIndex = at + 1;
  const value = lead.exec(text)?.[1];
  if (value === undefined) return undefined;
  const from = lead.lastIndex - value.length;
  if (judged.reason === 'cookie') return findCookie(value, from);
  parameters.lastIndex = from;
  const pairs = parameters.exec(text)?.[1];
  return pairs === undefined
    ? findCredentials(value, from, judged)
    : {
        from: parameters.lastIndex - pairs.length,
        to: parameters.lastIndex,
        reason: judged.reason,
      };
}

function findCookie(value: string, from: number): Hit | undefined {
  const isSecret = value
    .split(/[;=,\s]+/)
    .some((it) => 8 <= it.length && /\d/.test(it) && looksRandom(it));
  return isSecret ? { from, to: from + value.length, reason: 'cookie' } : undefined;
}

function findCredentials(value: string, from: number, judged: KeyName): Hit | undefined {
  const { reason } = judged;
  const [lead = ''] = scheme.exec(value) ?? [];
  const credentials = /^[^\s,;)}\]]*/.exec(value.slice(lead.length))?.[0] ?? '';
  const place = lead === '' ? 'bare' : 'quoted';
  const isSecret =
    lead === ''
      ? looksSecret({ value: credentials, strength: judged.strength, place })
      : looksLikeCredentials(credentials);
  const start = from + lead.length;
  return isSecret ? { from: start, to: start + credentials.length, reason } : undefined;
}

/** After a scheme: a digit, or whole base64 of four times anything. */
function looksLikeCredentials(value: string): boolean {
  if (value.length < 6 || !isPossible(value)) return false;
  const isBase64 = value.length % 4 === 0 && /^[A-Za-z0-9+/]{6,}={0,2}$/.test(value);
  return /\d/.test(value) || (isBase64 && /[a-z][A-Z]|[A-Z].*=$/.test(value)) || looksRandom(value);
}
