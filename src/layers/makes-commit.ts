/** Which operations make a commit. */

export const makesCommit: ReadonlySet<string> = new Set([
  ...['commit', 'amend', 'merge', 'cherry-pick', 'revert', 'am'],
]);
