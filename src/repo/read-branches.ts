/** Reads every branch and its commit from a repository's files; no git is run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutMissing } from './without-missing.ts';

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const packedLine = /^([0-9a-f]{40}|[0-9a-f]{64}) refs\/heads\/(.+)$/gm;

/** A branch that stands for another is left out: it moves with the other. */
export function readBranches(commonDir: string): Map<string, string> {
  const branches = new Map<string, string>();
  const packed = withoutMissing(() => readFileSync(join(commonDir, 'packed-refs'), 'utf8')) ?? '';
  for (const [, id = '', name = ''] of packed.matchAll(packedLine)) branches.set(name, id);
  const folder = join(commonDir, 'refs', 'heads');
  for (const name of listNames(folder)) {
    const id = withoutMissing(() => readFileSync(join(folder, name), 'utf8').trim());
    if (id !== undefined && commit.test(id)) branches.set(name, id);
  }
  return branches;
}

function listNames(folder: string): string[] {
  const options = { recursive: true, encoding: 'utf8' } as const;
  const names = withoutMissing(() => readdirSync(folder, options)) ?? [];
  return names.filter((it) => !it.endsWith('.lock'));
}
