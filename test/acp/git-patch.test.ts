/** Patches as git and the agents write them. */
import { expect, test } from 'vitest';
import { readGitPatch } from '../../src/acp/git-patch.ts';

test('several files, quoted names, no newline at the end, a hunk line that looks like a header', () => {
  const patch = [
    'diff --git "a/t\\303\\244b\\tx" b/plain',
    'similarity index 90%',
    'copy from "a\\"b"',
    'copy to plain',
    '--- "a/a\\"b"',
    '+++ b/plain',
    '@@ -1,2 +1 @@ function',
    '--- not a header',
    ' kept',
    '\\ No newline at end of file',
    'diff --git a/gone b/gone',
    'deleted file mode 100644',
    '--- a/gone',
    '+++ /dev/null',
    '@@ -1 +0,0 @@',
    '-last',
    '\\ No newline at end of file',
    'diff --git a/mode b/mode',
    'old mode 100644',
    'new mode 100755',
    '',
  ].join('\n');
  expect(readGitPatch(patch)).toEqual([
    {
      path: 'plain',
      oldPath: 'a"b',
      operation: 'copy',
      hunks: [{ before: '-- not a header\nkept', after: 'kept', added: 0, removed: 1 }],
    },
    {
      path: 'gone',
      oldPath: undefined,
      operation: 'delete',
      hunks: [{ before: 'last', after: '', added: 0, removed: 1 }],
    },
  ]);
});

test('what is no patch is nothing', () => {
  for (const text of ['', 'hello', '@@ -1 +1 @@\n-a\n+b\n', 'diff --git'])
    expect(readGitPatch(text)).toEqual([]);
});
