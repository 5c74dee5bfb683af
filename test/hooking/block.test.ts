/** The block goes in and out of any text without a trace, and out of the layouts that only words can make. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addBlock,
  dispatcherOf,
  hasBlock,
  isWhollyOurs,
  removeBlock,
  renewBlock,
} from '../../src/hooking/block.ts';
import { readConfiguredHooks, withConfigBlock } from '../../src/hooking/config-block.ts';
import { hookNames, judgeGround } from '../../src/hooking/layout.ts';

const templates = hookNames.map((it) =>
  readFileSync(join(import.meta.dirname, '../../hooks', it), 'latin1'),
);

const script = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '#!/bin/sh',
        '',
        'exec true',
        '# --- END clew ---',
        '# --- BEGIN clew ---',
        '\r',
      ),
      fc.string(),
    ),
  )
  .map((it) => it.join('\n'));

test('what went in comes out, and nothing else', () => {
  fc.assert(
    fc.property(script, fc.constantFrom(...templates), (text, template) => {
      const added = addBlock(text, template);
      expect(hasBlock(added)).toBe(true);
      expect(removeBlock(added)).toBe(text);
      expect(isWhollyOurs(added)).toBe(false);
      expect(renewBlock(added, template)).toBe(added);
      const old = added.replace('clew v1', 'clew v0').replace('set +eu -C', 'set +e');
      expect(renewBlock(old, template)).toBe(added);
    }),
  );
});

test('a file of ours is known, as a dispatcher too, and one with a word more is not', () => {
  for (const it of templates.flatMap((template) => [template, dispatcherOf(template)])) {
    expect(isWhollyOurs(it)).toBe(true);
    expect(isWhollyOurs(`${it}true\n`)).toBe(false);
    expect(isWhollyOurs(`# mine\n${it}`)).toBe(false);
  }
});

test("a block in git's config goes in and out of any text", () => {
  const some = fc.subarray([...hookNames]);
  fc.assert(
    fc.property(script, some, some, (text, first, second) => {
      const once = withConfigBlock(text, '/a b/.git', first);
      expect(readConfiguredHooks(once)).toEqual(first);
      expect(withConfigBlock(once, '/a b/.git', second)).toBe(
        withConfigBlock(text, '/a b/.git', second),
      );
      expect(removeBlock(once)).toBe(text);
    }),
  );
});

test.each([
  ['/w/.git/hooks', 'own'],
  ['/w/.git', 'own'],
  ['/w/.gitty/hooks', 'tree'],
  ['/w/.husky/_', 'husky'],
  ['/w/.husky', 'tree'],
  ['/ww/hooks', 'outside'],
  ['/dev/null', 'outside'],
])('%s is %s ground', (folder, ground) => {
  expect(judgeGround(folder, '/w/.git', '/w')).toBe(ground);
});
