/** Reads what another process may take away at any moment: undefined when it is not, or no longer, there. */

export function withoutMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && missing.has(code)) return undefined;
    throw error;
  }
}

const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP']);
