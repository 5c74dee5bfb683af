/** Judges by a name whether what it names is a secret: `DB_PASSWORD`, `apiKey`, `x-api-key`, `_authToken`. */

import type { Strength } from './likeness.ts';

export type KeyName = { readonly reason: string; readonly strength: Strength };

/** Cheap and too generous; what it lets through is judged word by word. */
const suspect = /pass|pwd|secret|token|key|cred|auth|cookie|signature|pat$/i;

const certain = /(?:^|[a-z])(?:passwords?|passwd|passphrase)$|^pwd$/;
/** Whose `pass` it is; others pass tests, or draw. */
const owners =
  /^(?:db|database|smtp|mail|email|user|ftp|sftp|proxy|admin|root|redis|mysql|pg|postgres|mongo|rabbitmq|ldap|ssh|http|https|auth|login|basic|keystore)$/;
const strong: Readonly<Record<string, string>> = {
  secret: 'secret',
  secrets: 'secret',
  apikey: 'key',
  credential: 'credential',
  credentials: 'credential',
  authorization: 'authorization',
};
const weak: Readonly<Record<string, string>> = {
  token: 'token',
  authtoken: 'token',
  pass: 'password',
  auth: 'authorization',
  cookie: 'cookie',
  pat: 'token',
  signature: 'signature',
};
/** What kind of key is a secret; a primary, public or cache key is none. */
const secretKeys =
  /^(?:api|access|secret|private|signing|encryption|account|master|auth|ssh|hmac|aes|jwt|license)$/;
const servicesKeys =
  /^(?:client|service|shared|storage|admin|root|deploy|webhook|consumer|subscription|openai|anthropic|gemini|google|mistral|groq|stripe)$/;
/** Words that may follow without changing what is named. */
const suffix =
  /^(?:\d+|prod|production|dev|development|test|staging|live|local|old|new|current|previous|base|base64|b64|hex|json|raw|value|plain|plaintext|default|backup)$/;

export function judgeName(name: string): KeyName | undefined {
  if (!suspect.test(name) || name === 'PWD' || name === 'OLDPWD') return undefined;
  const words = splitWords(name);
  while (1 < words.length && suffix.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (last === 'key') return judgeKey(name, before);
  if (last === 'signature' && !words.includes('amz')) return undefined;
  if (last === 'pass' && owners.test(before)) return { reason: 'password', strength: 'certain' };
  return judgeWord(last);
}

function judgeWord(word: string): KeyName | undefined {
  if (certain.test(word)) return { reason: 'password', strength: 'certain' };
  if (Object.hasOwn(strong, word)) return { reason: strong[word] ?? '', strength: 'strong' };
  if (Object.hasOwn(weak, word)) return { reason: weak[word] ?? '', strength: 'weak' };
  return undefined;
}

function judgeKey(name: string, kind: string): KeyName | undefined {
  if (secretKeys.test(kind)) return { reason: 'key', strength: 'strong' };
  const shouted = /^[A-Z][A-Z0-9_]*$/.test(name) && !neutralKey.test(kind);
  return shouted || servicesKeys.test(kind) ? { reason: 'key', strength: 'weak' } : undefined;
}

const neutralKey =
  /^(?:|public|primary|foreign|cache|sort|partition|index|row|map|hot|hash|object|group|unique|registry|arrow|press|any|last|next|first|data|state|query|route|locale|i18n)$/;

/** At dots, dashes, underscores and humps: `dbPassword2` is db, password, 2. */
function splitWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])|([A-Za-z])(\d+)$/g, '$1$3$5 $2$4$6')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((it) => it !== '');
}
