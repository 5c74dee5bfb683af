/** Lets one process at a time write the index. The system gives the lock back when its holder dies. */
import { makePrivateFile } from '../make-private-file.ts';
import type { Database, Driver } from './driver.ts';

export type Lock = { release(): void };

/** Undefined when another process holds it still after `waitMs`. */
export function takeLock(driver: Driver, path: string, waitMs: number): Lock | undefined {
  makePrivateFile(`${path}-lock`);
  const database = new driver(`${path}-lock`, { timeout: waitMs });
  try {
    if (!begin(database)) {
      database.close();
      return undefined;
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

function begin(database: Database): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

/** SQLite's word for what went wrong, or the system's. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
