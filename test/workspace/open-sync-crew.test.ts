/** Files on their way to the disk: all of them closed when they are there, and no failure unheard. */
import { fstatSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSyncCrew } from '../../src/workspace/open-sync-crew.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-crew-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function openMany(count: number): number[] {
  return Array.from({ length: count }, (_, id) => {
    const fd = openSync(join(folder, `${id}`), 'w');
    writeSync(fd, 'bytes');
    return fd;
  });
}

const isOpen = (fd: number) => {
  try {
    return fstatSync(fd).isFile();
  } catch (error) {
    expect(error).toMatchObject({ code: 'EBADF' });
    return false;
  }
};

for (const count of [5, 300]) {
  it(`${count} files: open until they are on the disk, and not longer`, () => {
    const crew = openSyncCrew(count);
    const fds = openMany(count);
    for (const fd of fds) crew.take(fd);
    expect(isOpen(fds.at(-1) ?? 0)).toBe(true);
    crew.finish();
    expect(fds.filter(isOpen)).toEqual([]);
    // The same crew goes on: folders come after files.
    const folders = [openSync(folder, 'r')];
    for (const fd of folders) crew.take(fd);
    crew.finish();
    expect(folders.filter(isOpen)).toEqual([]);
    crew.close();
  });

  it(`one of ${count} that does not come to the disk: said, and the others are closed all the same`, () => {
    const crew = openSyncCrew(count);
    const fds = openMany(count);
    // A pipe to nowhere has no disk under it.
    const bad = openSync('/dev/null', 'w');
    for (const fd of [...fds, bad]) crew.take(fd);
    expect(() => crew.finish()).toThrow(/^EINVAL/);
    expect([...fds, bad].filter(isOpen)).toEqual([]);
    crew.close();
  });

  it(`${count} files that nobody waits for are closed`, () => {
    const crew = openSyncCrew(count);
    const fds = openMany(count);
    for (const fd of fds) crew.take(fd);
    crew.close();
    expect(fds.filter(isOpen)).toEqual([]);
  });
}
