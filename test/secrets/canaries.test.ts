/** Forty and more planted secrets; each must vanish, and what stands around it must stay. */
import { expect, test } from 'vitest';
import { openRedactor } from '../../src/secrets/redactor.ts';
import { canaries, formsOf, plant } from './canaries.ts';

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
