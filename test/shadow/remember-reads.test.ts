/** What was read last is not read again, and no more of it is kept than there is room for. */
import { expect, test } from 'vitest';
import { rememberReads } from '../../src/shadow/remember-reads.ts';

test('the last megabyte', () => {
  const read: string[] = [];
  const remembered = rememberReads({
    read(oid) {
      read.push(oid);
      return oid === 'none' ? undefined : { type: 'tree', bytes: Buffer.alloc(400 << 10) };
    },
  });
  for (const oid of ['a', 'b', 'a', 'b']) remembered.read(oid);
  expect(read).toEqual(['a', 'b']);
  for (const oid of ['c', 'b', 'c', 'a']) remembered.read(oid);
  expect(read).toEqual(['a', 'b', 'c', 'a']);
  for (const oid of ['none', 'none']) expect(remembered.read(oid)).toBeUndefined();
  expect(read.slice(4)).toEqual(['none', 'none']);
});
