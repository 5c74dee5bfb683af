/** The shadow repository of a workspace that several processes share: leads it, or asks the one that does. */
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../errors.ts';
import { type Calls, callNames } from './calls.ts';
import { goBack } from './go-back.ts';
import { measureShadow } from './measure-shadow.ts';
import { type Background, openBackground } from './open-background.ts';
import type { Shadow } from './open-shadow.ts';
import type { Taken, TakeOrder } from './order.ts';
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
        return await (calls[name] as (...given: readonly unknown[]) => Promise<unknown>)(...params);
      } catch (error) {
        // Whether a lost leader had done it is unknown; ids make doing it again harmless.
        if (!(error instanceof LeaderLost) || turn > 3) throw error;
        seat = undefined;
      }
    }
  }

  seat = sit();
  await seat;
  const calls = Object.fromEntries(
    callNames.map((name) => [name, (...params: readonly unknown[]) => call(name, params)]),
  ) as unknown as Calls;
  return {
    ...calls,
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
  const lead = takeLead(place, refusing);
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
        leave();
        shadow.close();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

/** Whoever knocks before the shadow is open waits. */
function openDoor(): { calls: Calls; open(calls: Calls): void } {
  let open: (calls: Calls) => void = () => undefined;
  const opened = new Promise<Calls>((resolve) => {
    open = resolve;
  });
  const calls = Object.fromEntries(
    callNames.map((name) => [
      name,
      async (...params: readonly unknown[]) => {
        const act = (await opened)[name] as (...given: readonly unknown[]) => unknown;
        return act(...params);
      },
    ]),
  ) as unknown as Calls;
  return { calls, open };
}

const pieceMs = 100;

/** Calls of several askers on one shadow: one at a time, and one look at the disk for all that wait for one. */
function openCalls(shadow: Shadow, background?: Background): Calls {
  const take = openTaker(shadow, background);
  return {
    take,
    list: async () => shadow.list(),
    show: async (id) => shadow.show(id),
    diff: async (before, after) => shadow.diff(before, after),
    windows: async (first, last) => shadow.windows(first, last),
    versionAt: async (id, path) => shadow.versionAt(id, path) ?? null,
    versionsAt: async (id, paths) => shadow.versionsAt(id, paths),
    readBlob: async (oid) => readText(shadow, oid, 'base64'),
    async readTexts(oids) {
      const texts: (string | null)[] = [];
      let chars = 0;
      for (const oid of oids) {
        const text = readText(shadow, oid, 'latin1');
        texts.push(text);
        chars += text?.length ?? 0;
        if (chars > answerChars) break;
      }
      return texts;
    },
    plan: async (safety, target, paths) => shadow.plan(safety, target, paths),
    apply: async (id, steps, texts = [], allowsOutsideLinks = false) => {
      const bytes = texts.map((text) => Buffer.from(text, 'base64'));
      return shadow.apply(id, steps, { texts: bytes, allowsOutsideLinks });
    },
    goBack: async (order) => {
      const back = goBack(shadow, order);
      background?.wake(true);
      return back;
    },
    pin: async (id) => {
      shadow.pin(id);
      return null;
    },
    unpin: async (id) => {
      shadow.unpin(id);
      return null;
    },
    prune: async (order) => shadow.prune(order),
    measure: async () => measureShadow(shadow.engine.store),
    async complete() {
      // In pieces: others may ask in between.
      while (shadow.engine.capture(pieceMs)) await wait(0);
      return measureShadow(shadow.engine.store);
    },
  };
}

/** Of one answer that has several texts: whoever else asks waits as long as it is made. */
const answerChars = 4 << 20;

function readText(shadow: Shadow, oid: string, encoding: 'base64' | 'latin1'): string | null {
  const bytes = shadow.readBlob(oid);
  if (bytes === undefined) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
}

/** What it waited for its turn is gone from its time. */
function hurry(order: TakeOrder): TakeOrder {
  if (order.withinMs === undefined) return order;
  const waitedMs = Math.max(0, Date.now() - order.at);
  return { ...order, withinMs: Math.max(0, order.withinMs - waitedMs) };
}

type Waiting = {
  readonly order: TakeOrder;
  readonly resolve: (taken: Taken) => void;
  readonly reject: (why: unknown) => void;
};

/** Whoever asks for a whole look before it begins gets what it finds. */
function openTaker(shadow: Shadow, background: Background | undefined): Calls['take'] {
  let waiting: Waiting[] = [];
  function serve(): void {
    const group = waiting;
    waiting = [];
    let isLooked = false;
    let isUnsure = false;
    for (const { order, resolve, reject } of group) {
      try {
        const isWhole = order.paths === undefined;
        const taken: Taken =
          isWhole && isLooked ? shadow.engine.repeat(order) : shadow.take(hurry(order));
        isUnsure = !isWhole || taken.degraded === 'still sweeping';
        if (isWhole) isLooked = !isUnsure;
        resolve(taken);
      } catch (error) {
        reject(error);
      }
    }
    background?.wake(isUnsure);
  }
  return (order) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(serve);
      waiting.push({ order, resolve, reject });
    });
}
