/** A name of a file or a branch among other words. */

/** Names come from the repository, whoever made it: none may end a line, hide anything, or look like one of ours. */
export function quoteName(name: string): string {
  if (/^[\p{L}\p{N}_./@+~-]+$/u.test(name)) return name;
  return JSON.stringify(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<]/gu, spell);
}

/** As JSON does it, in halves where there are two. */
const spell = (sign: string) =>
  sign.replace(/[\s\S]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`);
