/** The door that a method needs to stay open after its answer; a command's does not. */
import { Failure } from '../errors.ts';
import type { Context } from './context.ts';
import type { Door } from './door.ts';

export function openDoor({ door }: Context, method: string): Door {
  if (door !== undefined) return door;
  throw new Failure('usage', `${method} is for connections that stay open`, {
    data: { method },
    hint: 'ask it of `clew serve --stdio`, which keeps what was begun until you leave',
  });
}
