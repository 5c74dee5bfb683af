/** A line of one of git's reflogs. */

export type ReflogLine = {
  /** Undefined where there was, or is, no commit. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly message: string;
};

const shape = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) [^\t]*(?:\t(.*))?$/s;

export function parseReflogLine(text: string): ReflogLine | undefined {
  const [, from, to, message = ''] = shape.exec(text) ?? [];
  if (from === undefined || to === undefined) return undefined;
  return { from: commitOf(from), to: commitOf(to), message };
}

const commitOf = (id: string) => (/^0+$/.test(id) ? undefined : id);
