/** Judges whether a value looks like a secret, given how telling the name beside it is. */
import { markerStart } from './hit.ts';

/** certain: a password by name. strong: a key or secret. weak: a token or the like, which code is full of. */
export type Strength = 'certain' | 'strong' | 'weak';

/**
 * Where a value stands: as a field of JSON; in other quotes; after NAME= as in an environment file;
 * alone on its line after a name (YAML, INI); or anywhere else, which may be code.
 */
export type Place = 'field' | 'quoted' | 'environment-line' | 'own-line' | 'bare';

export type Candidate = {
  readonly value: string;
  readonly strength: Strength;
  readonly place: Place;
};

export function looksSecret({ value, strength, place }: Candidate): boolean {
  if (value.length < 4 || !isPossible(value)) return false;
  if (strength === 'weak') return looksSecretDespiteName(value, place);
  if (place === 'environment-line') return true;
  if (/\s/.test(value)) return strength === 'certain' && isPassphrase(value);
  if (value.length < 6) return false;
  if (place === 'field' && strength === 'certain') return !isLabel(value);
  const isCode = place === 'own-line' || place === 'bare';
  if (isCode && identifier.test(value) && !isOwnValue(value, place)) return looksRandom(value);
  return /\d/.test(value) || oddSymbol.test(value) || looksRandom(value);
}

/** `"password": "Password"`, `"newPasswordField"`: texts and names of a form. */
const isLabel = (value: string) =>
  /^[A-Z][a-z]*$/.test(value) || /passw|pwd|field|input|secret/i.test(value);

function looksSecretDespiteName(value: string, place: Place): boolean {
  if (place === 'environment-line' && 8 <= value.length)
    return /\d/.test(value) || 16 <= value.length;
  if (place === 'quoted' && isSpelledOddly(value) && /[!@#%&]/.test(value)) return true;
  return 8 <= value.length && looksRandom(value);
}

/** `password: hunter2` in a YAML file, `password=Sup3rS3cret` in a command, but not `password = password2`. */
function isOwnValue(value: string, place: Place): boolean {
  if (/pass|secret|key|token|cred|auth/i.test(value)) return false;
  return place === 'own-line' ? /\d/.test(value) : isSpelledOddly(value);
}

/** Digits where a word has letters, or three and more. */
export const isSpelledOddly = (value: string) =>
  2 <= (value.match(/[A-Za-z]\d+(?=[A-Za-z])/g)?.length ?? 0) || /\d\D*\d\D*\d/.test(value);

/** "correct horse battery staple", but no sentence about passwords. */
const isPassphrase = (value: string) =>
  /^[a-z]+(?: [a-z]+){2,11}$/.test(value) && !sentence.test(value);
const sentence =
  /\b(?:the|your|is|are|was|be|must|at|to|for|an?|of|not|no|and|or|in|on|enter|please|password|passphrase|invalid|required|field|should|can|this|with|does|new|old|confirm|characters?|change|reset|show|hide|forgot)\b/;

const identifier = /^[A-Za-z_$][\w$]*(?:[?!]?\.[A-Za-z_$][\w$]*)*$/;
const oddSymbol = /[^\w\s.:/-]/;

/** False for what stands in the place of a secret: references, placeholders, masks, paths, versions. */
export function isPossible(value: string): boolean {
  return !value.startsWith(markerStart) && !impossible.test(value);
}

const impossible = new RegExp(
  [
    // references to a variable, a template, another secret store
    '^(?:\\$[A-Za-z_{(]|\\$\\$|%\\w+%|<[^>]*>?$|\\{|#\\{|@\\{|&[a-z*]|\\(|process\\.|os\\.|env[.([]|ENV\\[)',
    '^(?:System\\.|import\\.|!\\w|vault:|ref\\+|op://|arn:|secrets?\\.|this\\.|self\\.|config\\.|new |await )',
    '\\$\\{|\\{\\{|#\\{|%\\(\\w+\\)s',
    // masks and placeholders
    '^[*•xX.\\-_#?…]+$|\\*{3}|\\.{3}|…',
    '^(?:your|my|the|some|insert|enter|replace|change|sample|dummy|placeholder|todo|xxx)[a-z_<>-]*$',
    '^(?:null|nil|none|undefined|true|false|yes|no|on|off|string|str|number|int|boolean|bool|any|unknown|object|required|optional|bytes|char|text|basic|bearer|oauth2?|void|never|function|password|passwd|secret|token)[;,?!]*$',
    // paths, versions, other addresses
    '^(?:\\.{0,2}/[\\w.@-]+(?:/[\\w.@ -]*)*|~/.*|[A-Za-z]:\\\\.*)$',
    '^[\\^~<>=v]*\\d+\\.\\d+(?:\\.\\d+)?(?:[-+][\\w.]+)?$',
    '^[a-z][a-z0-9+.-]*://[^@]*$',
  ].join('|'),
  'i',
);

/** Letters and digits that take turns, or letters as nobody would write words. */
export function looksRandom(value: string): boolean {
  return (
    value.split(/[-_.:/+=~]+/).some((it) => isMixed(it) || isLetterSoup(it)) ||
    isHexed(value) ||
    isPadded(value)
  );
}

const isPadded = (value: string) =>
  value.length % 4 === 0 && /^(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/]{10,}={1,2}$/.test(value);

const isHexed = (value: string) =>
  16 <= value.replaceAll('-', '').length && /^[0-9a-f-]+$/i.test(value) && /\d/.test(value);

function isMixed(part: string): boolean {
  const turns = part.match(/[A-Za-z]\d|\d(?=[A-Za-z])/g)?.length ?? 0;
  return 8 <= part.length && 3 <= turns && 2 < (part.match(/\d/g)?.length ?? 0);
}

/** No digits at all: many changes of case, or consonants that no word strings together. */
function isLetterSoup(part: string): boolean {
  if (part.length < 16 || /[^A-Za-z]/.test(part)) return false;
  const humps = part.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
  return part.length < humps * 4 || /[bcdfghjklmnpqrstvwxz]{6}/i.test(part);
}
