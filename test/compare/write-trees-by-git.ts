/** Two small trees in a repository of git's own, for what git itself says of their difference. */
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';
import { type SmallTree, writeTree } from './small-tree.ts';

export function writeTreesByGit(before: SmallTree, after: SmallTree) {
  const folder = makeFolder();
  writeTree(`${folder}/a`, before);
  writeTree(`${folder}/b`, after);
  git(folder, 'init', '-q');
  const trees = ['a', 'b'].map((it) => {
    git(folder, 'rm', '-rq', '--cached', '--ignore-unmatch', '.');
    git(folder, '--work-tree', it, 'add', '-A', '-f');
    return git(folder, 'write-tree');
  });
  return { folder, trees };
}
