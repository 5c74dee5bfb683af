/** Diffs for messages: numbered as git does without context, and never long. */
import { expect, it } from 'vitest';
import { showShortDiff } from '../../src/guard/short-diff.ts';

it('tells each change where it is in both texts', () => {
  expect(showShortDiff('a\nb\nc\nd\n', 'x\na\nb\nC\nd\n')).toBe(
    '@@ -0,0 +1,1 @@\n+x\n@@ -3,1 +4,1 @@\n-c\n+C',
  );
  expect(showShortDiff('a\nb\n', 'a\n')).toBe('@@ -2,1 +1,0 @@\n-b');
  expect(showShortDiff('same\n', 'same\n')).toBe('');
});

it('stays short, whatever was changed', () => {
  const diff = showShortDiff('', `${'y'.repeat(5000)}\n`.repeat(500));
  const lines = diff.split('\n');
  expect(lines.length).toBe(41);
  expect(lines.at(-1)).toBe('…');
  expect(Math.max(...lines.map((it) => it.length))).toBeLessThan(210);
});
