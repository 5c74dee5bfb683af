/** Folders to work in, in a place of their own, gone after the test. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function makeFolder(name = 'a folder ü'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `clew ${name} `)));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
