/** Forty and more planted secrets; each must vanish, and what stands around it must stay. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openRedactor } from '../../src/secrets/redactor.ts';

/** Secrets are kept in two parts, so that no scanner of repositories takes the file for a leak. */
type Canary = {
  readonly kind: string;
  readonly context: string;
  readonly secret: readonly [string, string];
  /** The form in which it is planted, if another: in base64, URL-encoded. */
  readonly planted?: readonly [string, string];
  readonly text?: string;
  readonly value?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
};

const canaries: readonly Canary[] = JSON.parse(
  readFileSync(new URL('./cases/canaries.json', import.meta.url), 'utf8'),
);

function plant<T>(canary: Canary, where: T): T {
  const secret = canary.secret.join('');
  const planted = canary.planted?.join('') ?? secret;
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const text = JSON.stringify(where)
    .replaceAll('{secret}', () => escaped(secret))
    .replaceAll('{planted}', () => escaped(planted));
  return JSON.parse(text);
}

/** The secret in the forms in which it could be read off what is kept. */
function formsOf(canary: Canary): string[] {
  const secret = canary.secret.join('');
  const planted = canary.planted?.join('') ?? secret;
  return [secret, planted, planted.slice(6), encodeURIComponent(secret)];
}

test.each(canaries)('$kind in $context vanishes', (canary) => {
  const environment = plant(canary, canary.environment ?? {});
  const redactor = openRedactor({ environment });
  const before = plant(canary, canary.text ?? canary.value);
  const after =
    typeof before === 'string' ? redactor.text(before) : JSON.stringify(redactor.value(before));
  for (const form of formsOf(canary)) expect(after).not.toContain(form);
  expect(after).toMatch(/\[redacted:[\w:-]+\]/);
});

test.each(canaries)('$kind in $context vanishes inside a message, too', (canary) => {
  const environment = plant(canary, canary.environment ?? {});
  const redactor = openRedactor({ environment });
  const before = plant(canary, canary.text ?? canary.value);
  const message = {
    update: { content: [{ type: 'text', text: JSON.stringify({ out: before }) }] },
    whole: before,
  };
  const after = JSON.stringify(redactor.value(message));
  for (const form of formsOf(canary)) expect(after).not.toContain(form);
});

test('there are at least forty of them', () => {
  expect(canaries.length).toBeGreaterThanOrEqual(40);
});
