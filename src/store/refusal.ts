/** What the operating system said no with, in words: why, and what a person does about it. */

export type Refusal = {
  /** Such as ENOSPC. */
  readonly code: string;
  readonly path: string;
  readonly why: string;
  readonly hint: string;
};

type Words = { readonly why: string; readonly hint: (path: string) => string };

const words: Record<string, Words> = {
  ENOSPC: {
    why: 'no space left on the device',
    hint: (path) => `free some space where ${path} lies`,
  },
  EDQUOT: {
    why: 'the disk quota is used up',
    hint: (path) => `free some space where ${path} lies, or ask for a larger quota`,
  },
  EROFS: {
    why: 'the file system is read-only',
    hint: (path) => `mount the file system of ${path} writable, or set CLEW_HOME to another folder`,
  },
  EACCES: {
    why: 'permission denied',
    hint: (path) => `make ${path} writable for you, or set CLEW_HOME to another folder`,
  },
  EPERM: {
    why: 'operation not permitted',
    hint: (path) => `make ${path} writable for you, or set CLEW_HOME to another folder`,
  },
  EMFILE: {
    why: 'this process has too many files open',
    hint: () => 'raise the limit of open files (ulimit -n)',
  },
  ENFILE: {
    why: 'the system has too many files open',
    hint: () => 'close some programs, or raise the limit of open files of the system',
  },
  EIO: {
    why: 'the disk reported an error',
    hint: (path) => `check the disk that ${path} lies on`,
  },
  ENOENT: {
    why: 'it is not there any more',
    hint: (path) => `put ${path} back, or start clew anew`,
  },
  EEXIST: {
    why: 'there is a file in its place',
    hint: (path) => `move ${path} away, or set CLEW_HOME to another folder`,
  },
  ENOTDIR: {
    why: 'a part of the path is no folder',
    hint: (path) => `look at the path ${path}, or set CLEW_HOME to another folder`,
  },
  ETIMEDOUT: {
    why: 'the disk does not answer',
    hint: (path) => `check the disk or the network share that ${path} lies on`,
  },
};

/** Undefined when it was not the operating system that spoke: then it is a bug, and must be heard. */
export function readRefusal(error: unknown, path: string): Refusal | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)
    ? showRefusal(code, path)
    : undefined;
}

export function showRefusal(code: string, path: string): Refusal {
  const known = words[code];
  return {
    code,
    path,
    why: known?.why ?? code,
    hint: known?.hint(path) ?? `look at ${path}: the system answered ${code}`,
  };
}
