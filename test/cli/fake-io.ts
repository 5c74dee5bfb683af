/** Runs commands in this process and keeps what they print. */

import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { beganAt } from '../methods/small-story.ts';

export type Ran = {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
};

const now = beganAt + 3 * 3_600_000;

export async function runHere(argv: readonly string[], world: Partial<Io>): Promise<Ran> {
  const pieces: Buffer[] = [];
  let err = '';
  const io: Io = {
    cwd: '/',
    env: {},
    write: (text) => void pieces.push(Buffer.from(text)),
    warn: (text) => {
      err += text;
    },
    columns: undefined,
    showsProgress: false,
    usesColor: false,
    now: () => now,
    readInput: async () => '',
    untilInterrupted: async () => 'SIGINT',
    ...world,
  };
  const exit = await run(argv, io, { startSidecar: async () => 0, startServer: async () => 0 });
  const bytes = Buffer.concat(pieces);
  return { exit, out: bytes.toString(), err, bytes };
}
