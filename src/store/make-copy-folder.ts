/** Makes the folder `.clew` of a workspace, with what tells git how to treat it. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeLayerNow } from './layer-files.ts';

export type CopyFolder = {
  readonly folder: string;
  readonly written: readonly string[];
  /** Something else stands there. */
  readonly isTaken: boolean;
};

/** Lines of both sides: an item that stands twice then is a conflict, which clew shows. */
const attributes = 'project_state.json merge=union\n';
const ignored =
  '# What a session did is not shared, unless `clew state init --share` was asked for.\nsessions/\n';

export function makeCopyFolder(
  root: string,
  { share, dryRun }: { share: boolean; dryRun: boolean },
): CopyFolder {
  const folder = join(root, '.clew');
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) return { folder, written: [], isTaken: true };
  const [marks, ignores] = [join(folder, '.gitattributes'), join(folder, '.gitignore')];
  // Somebody's own words there stay.
  const writesMarks = !existsSync(marks);
  const isShared = !writesMarks && !existsSync(ignores);
  const writesIgnores = !share && !isShared && !existsSync(ignores);
  const removesIgnores = share && existsSync(ignores) && readFileSync(ignores, 'utf8') === ignored;
  if (!dryRun) {
    mkdirSync(folder, { recursive: true });
    if (writesMarks) writeLayerNow(marks, attributes, 0o666);
    if (writesIgnores) writeLayerNow(ignores, ignored, 0o666);
    if (removesIgnores) rmSync(ignores);
  }
  return {
    folder,
    written: [...(writesMarks ? [marks] : []), ...(writesIgnores ? [ignores] : [])],
    isTaken: false,
  };
}
