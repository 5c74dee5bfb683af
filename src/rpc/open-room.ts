/** A workspace that a connection has opened: what answers questions about it, and the sessions that are kept in it. */
import type { Party } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Note } from '../journal/entry.ts';
import { type Context, openContext } from '../methods/context.ts';
import type { Door } from '../methods/door.ts';
import type { HostSessions } from '../recorder/host-sessions.ts';
import { openKeepers } from '../recorder/open-keepers.ts';
import type { Calls } from '../shadow/calls.ts';
import { openOwnSessions } from './open-own-sessions.ts';
import { openTurnstile, type Turnstile } from './turnstile.ts';
import { countUsers, type Users } from './users.ts';

export type Room = {
  readonly context: Context;
  /** The same for every request about it. */
  readonly door: Door;
  /** What changes something goes one after the other, in the order in which it was asked. */
  readonly changing: Turnstile;
  /** Requests that are about it now. */
  readonly users: Users;
  close(): Promise<void>;
};

export type RoomOptions = {
  /** Any folder of the workspace. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the other end may keep sessions of its own. */
  readonly isWhole: boolean;
  readonly client: Party | undefined;
  readonly protocol: number;
  /** What the index takes at once: meanwhile nobody else is heard. */
  readonly entriesPerBatch: number;
  /** How this process was started. */
  readonly command: readonly string[];
  /** Checkpoints that somebody else in this process has open already. */
  findKeeper?(root: string): Calls | undefined;
  notify: Door['notify'];
  keepsUp: Door['keepsUp'];
  /** The one who asks is inside while it is closed. */
  leave(room: string): Promise<void>;
  say(text: string): void;
};

export function openRoom(options: RoomOptions): Room {
  const { env, say } = options;
  const leaving: (() => void)[] = [];
  let opened: HostSessions | undefined;
  const context = openContext({
    folder: options.folder,
    env,
    onNews: say,
    entriesPerBatch: options.entriesPerBatch,
    openKeeper,
    recordElsewhere: async (notes) => (await opened?.record(notes)) ?? notes,
  });
  const { root } = context.workspace;
  const keepers = openKeepers({
    env,
    copiesBase: env['CLEW_COPY_BASE'] === '1',
    guardsAny: env['CLEW_ANY_FOLDER'] === '1',
    write,
    say,
  });

  function openKeeper(): Calls {
    return options.findKeeper?.(root) ?? keepers.of(root);
  }

  function write(note: Note): void {
    context.record(note).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      say(`that is not in the journal: ${error.message}`);
    });
  }

  /** Most connections have none. */
  function sessions(): HostSessions {
    const { client, protocol, command } = options;
    const keeper = keepers.isGuarded(root) ? openKeeper : undefined;
    opened ??= openOwnSessions({ context, client, protocol, command, keeper, write, say });
    return opened;
  }

  return {
    context,
    users: countUsers(),
    changing: openTurnstile(1),
    door: {
      notify: options.notify,
      keepsUp: options.keepsUp,
      onClose: (work) => void leaving.push(work),
      ...(options.isWhole && {
        hosting: {
          leave: () => options.leave(context.folder().id),
          sessions: {
            start: async (order) => sessions().start(order),
            end: async (order) => sessions().end(order),
            startTurn: async (order) => sessions().startTurn(order),
            endTurn: async (order) => sessions().endTurn(order),
            startStep: async (order) => sessions().startStep(order),
            progressStep: async (order) => sessions().progressStep(order),
            endStep: async (order) => sessions().endStep(order),
          },
        },
      }),
    },
    async close() {
      for (const work of leaving.splice(0)) work();
      await opened?.close();
      await context.close();
      await keepers.close();
    },
  };
}
