/** Git's commit objects, as far as anybody here asks. */

export type Commit = {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Who wrote it, as `Name <address>`. */
  readonly author: string;
  /** Milliseconds since 1970, by the author's clock. */
  readonly authoredAt: number;
  readonly title: string;
  readonly message: string;
};

/** `text` has one character a byte. Undefined of what is no commit. */
export function readCommitText(text: string): Commit | undefined {
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
  if (tree === undefined) return undefined;
  const [, author = '', seconds = '0'] = /^author (.*?) (-?\d+) [+-]\d+$/m.exec(head) ?? [];
  const message = end < 0 ? '' : text.slice(end + 2);
  return {
    tree,
    parents: [...head.matchAll(/^parent ([0-9a-f]{40})$/gm)].map(([, id = '']) => id),
    author,
    authoredAt: Number(seconds) * 1000,
    title: message.slice(0, message.indexOf('\n') < 0 ? undefined : message.indexOf('\n')),
    message,
  };
}

/** What an annotated tag stands for. */
export function readTagTarget(text: string): string | undefined {
  return /^object ([0-9a-f]{40})$/m.exec(text)?.[1];
}
