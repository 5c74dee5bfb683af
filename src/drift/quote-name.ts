/** A name of a file or a branch among other words. */

/** Names come from the repository, whoever made it: no line of theirs may look like one of ours. */
export function quoteName(name: string): string {
  return /^[\p{L}\p{N}_./@+~-]+$/u.test(name)
    ? name
    : JSON.stringify(name).replaceAll('<', '\\u003c');
}
