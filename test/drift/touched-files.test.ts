/** What a session has read or edited, and what it was then: from the events of its turn. */
import { expect, test } from 'vitest';
import type { Claim, Event } from '../../src/contract/types.gen.ts';
import { openTouchedFiles } from '../../src/drift/touched-files.ts';

function openScene() {
  const disk = new Map<string, string | null | undefined>();
  const touched = openTouchedFiles({
    inside: (path) => (path.startsWith('/p/') ? path.slice(3) : undefined),
    blobOf: (path) => (disk.has(path) ? disk.get(path) : null),
  });
  const claim = (step: string, ...claims: [Claim['operation'], string, string?][]) =>
    touched.read({
      type: 'files-claimed',
      ...{ turn: 'T', step },
      claims: claims.map(([operation, path, oldPath]) => ({
        ...{ path, operation, source: 'location' },
        ...(oldPath === undefined ? {} : { oldPath }),
      })),
    });
  const end = (step: string) =>
    touched.read({ type: 'step-ended', step, outcome: 'completed', afterMs: 1 } as Event);
  return { disk, touched, claim, end };
}

test('what a step names is as it is at its end, and not as it is later', () => {
  const { disk, touched, claim, end } = openScene();
  disk.set('a', 'a1');
  disk.set('b', 'b1');
  claim('S1', ['read', '/p/a'], ['write', '/p/b'], ['read', '/elsewhere']);
  disk.set('b', 'b2');
  end('S1');
  disk.set('a', 'a9');
  expect(touched.take([])).toEqual([
    ['a', { known: 'read', blob: 'a1' }],
    ['b', { known: 'edited', blob: 'b2' }],
  ]);
  expect(touched.take([['x', { known: 'read', blob: 'x1' }]])).toHaveLength(1);
});

test('a step that reads a file through the editor and then changes it by itself leaves it as it ends', () => {
  const { disk, touched, claim, end } = openScene();
  disk.set('a', 'a2');
  claim('S1', ['write', '/p/a']);
  touched.read({ type: 'file-read', path: '/p/a', blob: 'a1' });
  end('S1');
  expect(touched.take([])).toEqual([['a', { known: 'edited', blob: 'a2' }]]);
});

test('a step that has no end counts at the end of the turn; moves count for both names; what was edited stays edited', () => {
  const { disk, touched, claim } = openScene();
  disk.set('new', 'n');
  claim('S1', ['move', '/p/new', '/p/old']);
  claim('S2', ['read', '/p/new']);
  expect(touched.take([])).toEqual([
    ['old', { known: 'edited', blob: null }],
    ['new', { known: 'edited', blob: 'n' }],
  ]);
});

test('what went over the wire is known without the disk; what failed is not known', () => {
  const { disk, touched } = openScene();
  disk.set('part', 'whole');
  const problem = { code: 1, message: 'no' };
  touched.read({ type: 'file-read', path: '/p/r', blob: 'r1' });
  touched.read({ type: 'file-read', path: '/p/part', line: 3 });
  touched.read({ type: 'file-written', path: '/p/w', blob: 'w1', bytes: 1 });
  touched.read({ type: 'file-read', path: '/p/failed', problem });
  touched.read({ type: 'file-written', path: '/p/failed', blob: 'f', bytes: 1, problem });
  expect(new Map(touched.take([['w', { known: 'read', blob: 'w0' }]]))).toEqual(
    new Map([
      ['r', { known: 'read', blob: 'r1' }],
      ['part', { known: 'read', blob: 'whole' }],
      ['w', { known: 'edited', blob: 'w1' }],
    ]),
  );
});

test('what cannot be read is not known, and of very many the last are', () => {
  const { disk, touched, claim, end } = openScene();
  disk.set('folder', undefined);
  claim('S', ['read', '/p/folder']);
  end('S');
  expect(touched.take([])).toEqual([]);
  const many = Array.from(
    { length: 2_500 },
    (_, n) => [`f${n}`, { known: 'read', blob: '1' }] as const,
  );
  const left = touched.take(many);
  expect([left.length, left[0]?.[0], left.at(-1)?.[0]]).toEqual([2_000, 'f500', 'f2499']);
});
