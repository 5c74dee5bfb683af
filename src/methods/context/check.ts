/** context/check: what a session has seen, held against what lies on the disk now. */
import type { ContextCheck, SeenFile } from '../../contract/types.gen.ts';
import { lookAtFile } from '../../workspace/look-at-file.ts';
import type { Handler } from '../context.ts';
import { readContext } from '../read-context.ts';

type Checked = ContextCheck['result']['files'][number];

/** As large as anything that was taken note of. */
const limitBytes = 64 << 20;

export const contextCheck: Handler<'context/check'> = async (context, params) => {
  const { session, files } = await readContext(context, params);
  const checked: Checked[] = [];
  for (const seen of files) checked.push(await check(context.workspace.root, seen));
  return { session, files: checked, stale: checked.filter((it) => it.state === 'stale').length };
};

async function check(root: string, seen: SeenFile): Promise<Checked> {
  const look = await lookAtFile(root, seen.path, limitBytes);
  if (look.kind === 'skipped') return { seen, state: 'unknown', why: look.why };
  const found = look.kind === 'file' ? look.blob : null;
  return { seen, state: found === seen.blob ? 'current' : 'stale', found };
}
