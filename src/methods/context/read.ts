/** context/read: which version of which files a session has seen last. */
import type { Handler } from '../context.ts';
import { readContext } from '../read-context.ts';

export const contextRead: Handler<'context/read'> = readContext;
