/** What looks a little like a secret and is none; it must come back as it was. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openRedactor } from '../../src/secrets/redactor.ts';

type Innocent = { readonly kind: string; readonly text?: string; readonly value?: unknown };

const innocents: readonly Innocent[] = JSON.parse(
  readFileSync(new URL('./cases/innocents.json', import.meta.url), 'utf8'),
);
const environment = { GITHUB_TOKEN: 'q8ZkT5wLr2Nv', HOME: '/home/jane', PATH: '/usr/bin:/bin' };
const redactor = openRedactor({ environment });

test.each(innocents)('$kind stays', ({ text, value }) => {
  if (text !== undefined) expect(redactor.text(text)).toBe(text);
  expect(redactor.value(value ?? { text })).toEqual(value ?? { text });
});

test('what has nothing to hide is not even copied', () => {
  for (const { value } of innocents) expect(redactor.value(value)).toBe(value);
});

test('there are at least sixty of them', () => {
  expect(innocents.length).toBeGreaterThanOrEqual(60);
});
