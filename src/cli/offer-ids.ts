/** What a shell offers where an id is wanted: words for the newest, and the short ids of what is there. */
import type { LogQuery } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { ask } from './ask.ts';
import type { Call, IdKind } from './command.ts';
import { shortId } from './show-log.ts';

const relatives: Readonly<Record<IdKind, readonly string[]>> = {
  sessions: ['@session'],
  ids: ['@session', '@turn', '@step'],
  checkpoints: ['@checkpoint', '@session', '@turn', '@step'],
};

/** Sorted by how new they are; nobody reads more than this. */
const limit = 30;

export async function offerIds(
  call: Pick<Call, 'io' | 'options'>,
  kind: IdKind,
): Promise<string[]> {
  try {
    const { sessions } = await ask(call, 'log/query', { limit });
    const found = kind === 'checkpoints' ? await listCheckpoints(call) : [];
    return [...relatives[kind], ...sessions.flatMap((it) => nameThem(it, kind)), ...found];
  } catch (error) {
    // Who completes a word is not told that nothing is recorded.
    if (error instanceof Failure) return [...relatives[kind]];
    throw error;
  }
}

function nameThem({ id, turns }: LogQuery['result']['sessions'][number], kind: IdKind): string[] {
  return [shortId(id), ...(kind === 'sessions' ? [] : turns.map((it) => shortId(it.id)))];
}

async function listCheckpoints(call: Pick<Call, 'io' | 'options'>): Promise<string[]> {
  const { checkpoints } = await ask(call, 'checkpoint/list', { limit });
  return checkpoints.map(({ id }) => shortId(id));
}
