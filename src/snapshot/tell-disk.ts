/** What the operating system refused, as a person should hear it: which path, and what to do. */
import { Failure } from '../errors.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on the disk',
  EDQUOT: 'your quota is used up: make room',
  EROFS: 'the disk is read-only',
  EACCES: 'give yourself the right to write there',
  EPERM: 'give yourself the right to write there',
  EMFILE: 'too many files are open: close some programs, or raise the limit',
  ENFILE: 'too many files are open: close some programs',
  EIO: 'the disk fails: look into the system log',
};

/** `what` did not happen; `then` is how things stand now. Anything but a refusal comes back as it is. */
export function tellDisk(error: unknown, what: string, then: string): unknown {
  if (error instanceof Failure) return error;
  const { code, path, message } = error as NonNullable<{
    code?: string;
    path?: string;
    message: string;
  }>;
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new Failure(isFull ? 'no-space' : 'state-refused', `${what}: ${message}`, {
    data: { code, ...(path === undefined ? {} : { path: String(path) }) },
    hint: `${then}; ${remedies[code] ?? 'try again'}`,
    cause: error,
  });
}
