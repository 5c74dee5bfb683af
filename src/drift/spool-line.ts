/** What one run of a hook left in the spool. */

export type SpoolLine = {
  readonly hook: string;
  readonly old: string | undefined;
  readonly new: string | undefined;
  /** post-checkout: 1 when HEAD may have moved. post-merge: 1 when it squashed. post-rewrite: by what. */
  readonly detail: string | undefined;
  /** Of a linked worktree. */
  readonly worktree: string | undefined;
  /** The writer behind whose agent it ran. */
  readonly run: string | undefined;
  readonly from: 'terminal' | 'agent' | undefined;
};

const fieldCount = 9;

/** Undefined for a file that was not written to its end, or is of another format. */
export function parseSpoolFile(text: string): SpoolLine | undefined {
  if (!text.endsWith('\nend\n')) return undefined;
  const fields = text.slice(0, text.indexOf('\n')).split('\t');
  if (fields.length !== fieldCount || fields[0] !== '1') return undefined;
  const [, hook = '', old, fresh, detail, , worktree, run, from] = fields.map((it) =>
    it === '-' ? undefined : it,
  );
  const witness = from === 'terminal' || from === 'agent' ? from : undefined;
  return { hook, old: commitOf(old), new: commitOf(fresh), detail, worktree, run, from: witness };
}

const commitOf = (id: string | undefined) => (id === undefined || /^0+$/.test(id) ? undefined : id);
