/** journal/verify: check every journal file. */
import { verifyJournals } from '../../store/verify-journals.ts';
import type { Handler } from '../context.ts';

export const journalVerify: Handler<'journal/verify'> = (context) =>
  verifyJournals(context.folder().journal);
