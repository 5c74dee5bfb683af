/** The planted secrets of cases/canaries.json, put into the places where they are planted. */
import { readFileSync } from 'node:fs';

/** Secrets are kept in two parts, so that no scanner of repositories takes the file for a leak. */
export type Canary = {
  readonly kind: string;
  readonly context: string;
  readonly secret: readonly [string, string];
  /** The form in which it is planted, if another: in base64, URL-encoded. */
  readonly planted?: readonly [string, string];
  readonly text?: string;
  readonly value?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
};

export const canaries: readonly Canary[] = JSON.parse(
  readFileSync(new URL('./cases/canaries.json', import.meta.url), 'utf8'),
);

/** Puts the canary's secret where `{secret}` or `{planted}` stands in any string of a value. */
export function plant<T>(canary: Canary, where: T): T {
  const secret = canary.secret.join('');
  const planted = canary.planted?.join('') ?? secret;
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const text = JSON.stringify(where)
    .replaceAll('{secret}', () => escaped(secret))
    .replaceAll('{planted}', () => escaped(planted));
  return JSON.parse(text);
}

/** The forms in which the secret could be read off what is kept. */
export function formsOf(canary: Canary): string[] {
  const secret = canary.secret.join('');
  const planted = canary.planted?.join('') ?? secret;
  const forms = [secret, planted, encodeURIComponent(secret)];
  // A shorter rest turns up by chance: in a checksum, in a time.
  if (14 <= planted.length) forms.push(planted.slice(6));
  return [...new Set([...forms, ...forms.map((it) => JSON.stringify(it).slice(1, -1))])];
}
