/** How paths from the wire are named. */
import { expect, test } from 'vitest';
import { nameClaimedPath } from '../../src/trace/claimed-path.ts';

test.each([
  ['/w/src/a.ts', '/w', undefined, 'src/a.ts'],
  ['/w/src/../b.ts', '/w', undefined, 'b.ts'],
  ['/w', '/w', undefined, '.'],
  ['/w2/a', '/w', undefined, '/w2/a'],
  ['/elsewhere/a', '/w', undefined, '/elsewhere/a'],
  ['a.ts', '/w', '/w/sub', 'sub/a.ts'],
  ['./a b.ts', '/w', '/w', 'a b.ts'],
  ['../x', '/w', '/w', '/x'],
  ['../../../x', '/w', '/w', '/x'],
  ['a.ts', '/w', undefined, 'a.ts'],
  ['/etc/passwd', '/', undefined, 'etc/passwd'],
  ['C:\\w\\src\\a.ts', 'C:\\w', undefined, 'src/a.ts'],
  ['日本/ü.md', '/w', '/w', '日本/ü.md'],
  ['a.ts', undefined, undefined, '/a.ts'],
])('%s in %s from %s is %s', (path, workspace, cwd, named) => {
  const place = { ...(workspace && { workspace }), ...(cwd && { cwd }) };
  expect(nameClaimedPath(path, place)).toBe(named);
});
