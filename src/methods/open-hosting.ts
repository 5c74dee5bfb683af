/** What a method needs that is about the host's own sessions: a connection that stays, and is theirs. */
import { Failure } from '../errors.ts';
import type { Context } from './context.ts';
import type { Hosting } from './door.ts';

export function openHosting({ door }: Context, method: string): Hosting {
  if (door?.hosting !== undefined) return door.hosting;
  throw new Failure('usage', `${method} is for connections that stay open`, {
    data: { method },
    hint: 'ask it of `clew serve --stdio`, which keeps what was begun until you leave',
  });
}
