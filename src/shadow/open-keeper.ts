/** The shadow repository of a workspace that several processes share: leads it, or asks the one that does. */
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../errors.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import { bindCalls, type Calls, makeCall } from './calls.ts';
import { openBackground } from './open-background.ts';
import { openCalls } from './open-calls.ts';
import type { Shadow } from './open-shadow.ts';
import { type Asked, askSocket, LeaderLost, serveSocket } from './serve-socket.ts';
import { type Lead, type LeadPlace, takeLead } from './take-lead.ts';

export type KeeperOptions<Mark> = {
  /** Called when this process leads; `holds` must be asked before anything is made visible. */
  readonly openShadow: (holds: () => boolean) => Shadow;
  /** Socket, lock and token; a new token is minted for each try. */
  readonly placeLead: () => LeadPlace<Mark>;
  /** What went wrong in the background, where nobody waits for an answer. */
  readonly onTrouble: (error: unknown) => void;
  /** How long to look for a leader that answers. */
  readonly withinMs?: number;
};

export type Keeper = Calls & {
  readonly role: 'leader' | 'follower' | 'none';
  close(): Promise<void>;
};

type Seat = { readonly role: 'leader' | 'follower'; readonly calls: Calls; close(): Promise<void> };

export async function openKeeper<Mark>(options: KeeperOptions<Mark>): Promise<Keeper> {
  let seat: Promise<Seat> | undefined;
  let role: Keeper['role'] = 'none';

  async function sit(): Promise<Seat> {
    const until = Date.now() + (options.withinMs ?? 5000);
    const silence = openSilence();
    for (;;) {
      const taken = await trySit(options, silence.refusing(), () => {
        seat = undefined;
        role = 'none';
      });
      if ('missing' in taken) silence.note(taken);
      else {
        role = taken.role;
        return taken;
      }
      if (Date.now() > until) {
        throw new Failure('busy', 'another process leads this workspace and does not answer', {
          hint: 'look for a clew process that hangs',
        });
      }
      await wait(20);
    }
  }

  async function call(name: keyof Calls, params: readonly unknown[]): Promise<unknown> {
    for (let turn = 0; ; turn += 1) {
      seat ??= sit();
      const { calls } = await seat.catch((error: unknown) => {
        seat = undefined;
        throw error;
      });
      try {
        return await makeCall(calls, name, params);
      } catch (error) {
        // Whether a lost leader had done it is unknown; ids make doing it again harmless.
        if (!(error instanceof LeaderLost) || turn > 3) throw error;
        seat = undefined;
      }
    }
  }

  seat = sit();
  await seat;
  return {
    ...bindCalls(call),
    get role() {
      return role;
    },
    async close() {
      await (await seat)?.close();
    },
  };
}

type Missing = { readonly missing: string; readonly isSure: boolean };

/** A leader opens its door first of all: where there is none for so long, its thread is gone. */
const silenceMs = 1000;

function openSilence() {
  let missing: Missing | undefined;
  let since = 0;
  return {
    note(next: Missing): void {
      if (missing?.missing !== next.missing) since = Date.now();
      missing = next;
    },
    /** The socket of a leader that cannot be there any more. */
    refusing(): string | undefined {
      return missing?.isSure || Date.now() - since > silenceMs ? missing?.missing : undefined;
    },
  };
}

async function trySit<Mark>(
  options: KeeperOptions<Mark>,
  refusing: string | undefined,
  onLost: () => void,
): Promise<Seat | Missing> {
  const place = options.placeLead();
  const lead = tryLead(place, refusing);
  if (lead.kind === 'leader') return openSeat(options, lead, place.socket);
  try {
    const asked: Asked = await askSocket(lead.socket);
    void asked.closed.then(onLost);
    return { role: 'follower', calls: asked.calls, close: async () => asked.close() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Each holding has a socket of its own: one that refuses has nobody behind it any more.
    if (code === 'ECONNREFUSED') return { missing: lead.socket, isSure: true };
    // It has the lock and no socket yet, or has died and left none: look again.
    if (code === 'ENOENT' || code === 'EPIPE') return { missing: lead.socket, isSure: false };
    throw error;
  }
}

/** Even to read them takes a lock: on a full disk it says which disk that is. */
function tryLead<Mark>(place: LeadPlace<Mark>, refusing: string | undefined): Lead {
  try {
    return takeLead(place, refusing);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    const what = `the checkpoints in ${place.folder} cannot be opened`;
    throw tellDisk(error, what, 'nothing was changed');
  }
}

async function openSeat<Mark>(
  options: KeeperOptions<Mark>,
  lead: Lead & { kind: 'leader' },
  socket: string,
): Promise<Seat> {
  const door = openDoor();
  const server = await serveSocket(socket, door.calls);
  function leave(): void {
    lead.release();
    server.close();
  }
  try {
    const shadow = options.openShadow(lead.holds);
    const background = openBackground(shadow, options.onTrouble);
    const calls = openCalls(shadow, background);
    door.open(calls);
    return {
      role: 'leader',
      calls,
      async close() {
        background.close();
        captureRest(shadow, options.onTrouble);
        leave();
        shadow.close();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

/** So long the end waits for files that the background had no time for: they may have no other copy. */
const captureMs = 1000;

function captureRest({ engine }: Shadow, onTrouble: (error: unknown) => void): void {
  const untilMs = Date.now() + captureMs;
  try {
    while (Date.now() < untilMs && engine.capture(untilMs - Date.now()));
  } catch (error) {
    onTrouble(error);
  }
}

/** Whoever knocks before the shadow is open waits. */
function openDoor(): { calls: Calls; open(calls: Calls): void } {
  let open: (calls: Calls) => void = () => undefined;
  const opened = new Promise<Calls>((resolve) => {
    open = resolve;
  });
  const calls = bindCalls(async (name, params) => makeCall(await opened, name, params));
  return { calls, open };
}
