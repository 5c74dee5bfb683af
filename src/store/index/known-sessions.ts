/** Which of our sessions an agent means when it takes one up again, asked at once and without mending anything. */
import { existsSync } from 'node:fs';
import { Failure } from '../../errors.ts';
import { loadDriver } from './driver.ts';
import { isDamage, isRefusal, judgeFile, openToRead } from './index-file.ts';

export type KnownSessions = {
  /** Undefined also where the index cannot be asked: then it is a new one to us. */
  find(indexPath: string, agentSession: string): string | undefined;
};

const cacheKib = 1 << 10;
const question = `SELECT session FROM openings WHERE "agentSession" = ?
  ORDER BY "lastStamp" DESC, writer DESC LIMIT 1`;

export async function openKnownSessions(): Promise<KnownSessions> {
  const driver = await loadDriver();
  return {
    find(indexPath, agentSession) {
      try {
        if (!existsSync(indexPath) || judgeFile(indexPath, Date.now()) !== 'sound')
          return undefined;
        const database = openToRead(driver, indexPath, cacheKib);
        try {
          const row = database.prepare(question).get(agentSession) as
            | { session: string }
            | undefined;
          return row?.session;
        } finally {
          database.close();
        }
      } catch (error) {
        if (isDamage(error) || isRefusal(error) || error instanceof Failure) return undefined;
        throw error;
      }
    },
  };
}
