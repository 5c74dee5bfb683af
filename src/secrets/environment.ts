/** The values of this process's own secret-looking variables, in every form in which they may turn up. */
import type { Hit } from './hit.ts';
import { judgeName } from './key-names.ts';
import { openKnownStrings } from './known-strings.ts';
import { isPossible, looksRandom } from './likeness.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const shortestValue = 8;
const shortestForm = 8;

/** Undefined when there is nothing to look for. */
export function openKnownValues(
  environment: Environment,
): ((text: string, hits: Hit[]) => void) | undefined {
  const reasons = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    for (const secret of secretsOf(name, value))
      for (const form of formsOf(secret)) if (!reasons.has(form)) reasons.set(form, `env:${name}`);
  }
  if (reasons.size === 0) return undefined;
  const forms = [...reasons.keys()];
  const find = openKnownStrings(forms);
  return (text, hits) =>
    find(text, (from, to, index) => {
      hits.push({ from, to, reason: reasons.get(forms[index] ?? '') ?? 'env' });
    });
}

/** `DATABASE_URL`, `HTTPS_PROXY`: no name tells, but what stands before the host is a password. */
const passwordInUrl = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/i;

function secretsOf(name: string, value: string): string[] {
  const inUrl = passwordInUrl.exec(value)?.[1] ?? '';
  const password = decodeUrl(inUrl);
  return [
    ...(isSecretVariable(name, value) ? [value] : []),
    ...(shortestValue <= password.length && isPossible(password) ? [password, inUrl] : []),
  ];
}

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A percent sign that stands for itself.
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Anywhere in the name, where the value looks the part: `AWS_BEARER_TOKEN_BEDROCK`, `TOKEN_GITHUB`. */
const toldAnywhere =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|CREDENTIALS?|BEARER|JWT)(?:_|$)/i;

function isSecretVariable(name: string, value: string): boolean {
  if (value.length < shortestValue || !isPossible(value)) return false;
  const named = judgeName(name) !== undefined || /(?:_|^)(?:KEY|PAT|DSN|PASS)\d*$/i.test(name);
  return named || (toldAnywhere.test(name) && 16 <= value.length && looksRandom(value));
}

function formsOf(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const inUrl = encodeUrl(value);
  const strictly = inUrl.replace(
    /[!'()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const forms = [
    value,
    escaped,
    inUrl,
    strictly,
    strictly.replace(/%[0-9A-F]{2}/g, (it) => it.toLowerCase()),
    ...[0, 1, 2].flatMap((shift) => {
      const form = encodeBase64(value, shift);
      return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
    }),
  ];
  return [...new Set(forms)].filter((it) => shortestForm <= it.length);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The part of the base64 text that is the same whatever stands before (`shift` bytes) and after. */
function encodeBase64(value: string, shift: number): string {
  const bytes = [...new Array<number>(shift).fill(0), ...utf8BytesOf(value)];
  let text = '';
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const bits of [18, 12, 6, 0]) text += alphabet.charAt((group >> bits) & 63);
  }
  const rest = bytes.slice(bytes.length - (bytes.length % 3));
  if (rest.length === 1) text += alphabet.charAt((rest[0] ?? 0) >> 2);
  if (rest.length === 2) {
    const group = ((rest[0] ?? 0) << 8) | (rest[1] ?? 0);
    text += alphabet.charAt(group >> 10) + alphabet.charAt((group >> 4) & 63);
  }
  return text.slice([0, 2, 3][shift]);
}

function utf8BytesOf(value: string): number[] {
  const encoded = encodeUrl(value).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return [...encoded].map((it) => it.charCodeAt(0));
}

/** A lone surrogate cannot be encoded; nobody's secret has one. */
const encodeUrl = (value: string) => encodeURIComponent(value.replace(/\p{Surrogate}/gu, '?'));
