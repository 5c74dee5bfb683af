/** Whether the journals are as they were written, where reading them takes no time to speak of. */
import { statSync } from 'node:fs';
import type { DoctorCheck } from '../contract/types.gen.ts';
import { listJournals } from '../store/journal-names.ts';
import type { WorkspaceFolder } from '../store/state-folder.ts';
import { verifyJournals } from '../store/verify-journals.ts';

type Finding = DoctorCheck['result']['findings'][number];

/** Larger ones are for `clew verify`. */
const limitBytes = 128 << 20;

export async function examineJournals({ journal }: WorkspaceFolder): Promise<Finding[]> {
  const sizes = listJournals(journal).map(
    ({ path }) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  );
  if (limitBytes < sizes.reduce((sum, it) => sum + it, 0)) return [];
  const { problems } = await verifyJournals(journal);
  if (problems.length === 0)
    return [{ level: 'fine', about: 'state', text: 'the journals are sound' }];
  const many = problems.length === 1 ? 'one place' : `${problems.length} places`;
  return [
    {
      level: 'odd',
      about: 'state',
      text: `the journals are damaged in ${many}: what stood there is not shown`,
      hint: '`clew verify` tells where; all else stays readable',
    },
  ];
}
