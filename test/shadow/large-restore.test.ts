/** A restore of 1,000 files in the suite, of 100,000 in the soak: all of them back, and nothing else touched. */
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { longestMs, sizeOf } from '../soak.ts';
import { placeInMemory } from './copy-place.ts';
import { dropPlace, makePlace, mintOrder, openTestShadow } from './open-test-shadow.ts';

const count = sizeOf(1_000, 100_000);

it(`${count} files changed, removed and made: back as they were`, { timeout: longestMs }, () => {
  const place = makePlace(placeInMemory());
  const pathOf = (id: number) => join(place.root, `d${id % 97}/e${id % 11}/f${id}`);
  for (let id = 0; id < count; id += 1) {
    mkdirSync(join(pathOf(id), '..'), { recursive: true });
    writeFileSync(pathOf(id), `file ${id}\n`);
  }
  writeFileSync(join(place.root, 'same'), 'same');
  const { mtimeNs } = lstatSync(join(place.root, 'same'), { bigint: true });
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  for (let id = 0; id < count; id += 1) {
    if (id % 3 === 0) rmSync(pathOf(id));
    else writeFileSync(pathOf(id), 'changed');
    if (id % 5 === 0) writeFileSync(`${pathOf(id)}-made`, 'made');
  }
  const safety = mintOrder();
  const { steps } = shadow.plan(safety, first.id);
  const report = shadow.apply(safety.id, steps);
  expect(report.skipped).toEqual([]);
  expect(report.written).toHaveLength(count);
  expect(report.removed).toHaveLength(Math.ceil(count / 5));
  for (let id = 0; id < count; id += 1)
    expect(readFileSync(pathOf(id), 'utf8')).toBe(`file ${id}\n`);
  expect(lstatSync(join(place.root, 'same'), { bigint: true }).mtimeNs).toBe(mtimeNs);
  expect(shadow.take(mintOrder()).tree).toBe(first.tree);
  shadow.close();
  dropPlace(place);
});
