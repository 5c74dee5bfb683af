/** Answers the requests of one connection: finds the workspace that is meant, waits for its turn, and keeps to limits. */
import type { Methods, Party } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { type Context, openContext } from '../methods/context.ts';
import type { Door } from '../methods/door.ts';
import { isChanging, isReading } from '../methods/reading.ts';
import { answer, methods } from '../methods/table.ts';
import { checkParams } from '../methods/validate.ts';
import type { Calls } from '../shadow/calls.ts';
import { openProgress, type Progress } from './open-progress.ts';
import { openRoom, type Room } from './open-room.ts';
import { type Envelope, readEnvelope } from './read-envelope.ts';
import { openTurnstile } from './turnstile.ts';
import { countUsers } from './users.ts';
import { type RequestWatch, watchRequest } from './watch-request.ts';

export type HostOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The workspace of requests that name none. */
  readonly folder?: string | undefined;
  /** Whether other workspaces can be opened, and sessions be kept in them; if not, that is somebody else's work. */
  readonly isWhole: boolean;
  readonly timeLimitMs: number;
  /** What the index takes at once: meanwhile nobody else is heard. */
  readonly entriesPerBatch: number;
  readonly command: readonly string[];
  readonly protocol: number;
  /** Checkpoints that this process has open already. */
  findKeeper?(root: string): Calls | undefined;
  notify: Door['notify'];
  keepsUp: Door['keepsUp'];
  say(text: string): void;
};

export type Host = {
  /** Who is at the other end, once it is known. */
  greet(client: Party | undefined): void;
  /** The handle of the workspace of requests that name none. */
  openUsual(): Promise<string | undefined>;
  answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  /** Ends everything that is open, when what is asked now is answered, or after that time. */
  close(patienceMs?: number): Promise<void>;
};

const atOnce = 8;
const roomLimit = 64;
/** These are about no workspace. */
const placeless: ReadonlySet<string> = new Set<keyof Methods>(['message/rewind', 'rpc.discover']);

export function openHost(options: HostOptions): Host {
  const rooms = new Map<string, Room>();
  const gate = openTurnstile(atOnce);
  const users = countUsers();
  let client: Party | undefined;
  let usual: string | undefined;
  let nowhere: Context | undefined;

  async function open(folder: string): Promise<string> {
    const room = openRoom({ ...options, folder, client, leave: (id) => close(id, 1) });
    try {
      const { id } = room.context.makeFolder();
      if (rooms.has(id)) await room.close();
      else if (roomLimit <= rooms.size) throw tooMany();
      else rooms.set(id, room);
      return id;
    } catch (error) {
      await room.close();
      throw error;
    }
  }

  /** From now on nobody comes in; who is inside may finish, but for whoever closes it. */
  async function close(id: string, inside: number, patienceMs?: number): Promise<void> {
    const room = rooms.get(id);
    rooms.delete(id);
    if (usual === id) usual = undefined;
    await room?.users.downTo(inside, patienceMs);
    await room?.close();
  }

  function findRoom({ workspace = usual }: Envelope, method: string): Room {
    const room = workspace === undefined ? undefined : rooms.get(workspace);
    if (room !== undefined) return room;
    if (workspace === undefined)
      throw new Failure('invalid-params', `${method} does not say which workspace it is about`, {
        data: { method, field: 'workspace' },
        hint: 'open one with workspace/open, and give its handle as `workspace`',
      });
    throw new Failure('closed-workspace', `workspace ${workspace} is not open here`, {
      data: { workspace },
      hint: 'open it with workspace/open on this connection',
    });
  }

  function openNowhere(): Context {
    nowhere ??= openContext({ folder: '/', env: options.env });
    return nowhere;
  }

  /** Which workspace a request is about: one that it opens is open from now on. */
  async function placeOf(method: string, envelope: Envelope): Promise<Envelope> {
    if (method !== 'workspace/open' || !options.isWhole) return envelope;
    const { folder } = await checkParams('workspace/open', envelope.own);
    return { ...envelope, workspace: await open(folder) };
  }

  async function run(method: string, envelope: Envelope, request: Request): Promise<unknown> {
    const { signal, progress } = request;
    const tellEntries = (entries: number) => {
      // An answer that nobody waits for is not worth the rest of the way.
      if (signal.aborted) throw signal.reason;
      progress?.report(`indexing: ${entries} entries`);
    };
    const about = { signal, onProgress: tellEntries };
    const ask = (context: Context) => answer(context, method as keyof Methods, envelope.own);
    if (placeless.has(method)) return ask({ ...openNowhere(), ...about });
    const room = findRoom(await placeOf(method, envelope), method);
    const leaveRoom = room.users.enter();
    try {
      const context = { ...room.context, ...about, door: room.door };
      if (isReading(method)) return await ask(context);
      const leave = isChanging(method) ? await room.changing.enter(signal) : undefined;
      try {
        request.begun();
        return await ask(context);
      } finally {
        leave?.();
      }
    } finally {
      leaveRoom();
    }
  }

  async function answerOne(method: string, params: unknown, cancel: AbortSignal): Promise<unknown> {
    if (!Object.hasOwn(methods, method)) return answer(openNowhere(), method as keyof Methods, {});
    const envelope = readEnvelope(method, params);
    const reads = isReading(method);
    const { token } = envelope;
    const send = (said: object) => options.notify('$/progress', said);
    const progress =
      token === undefined ? undefined : openProgress({ token, method, isCancellable: reads, send });
    const watch = watchRequest(method, cancel, options.timeLimitMs);
    const leaveHost = users.enter();
    try {
      const leave = await gate.enter(watch.signal);
      const request: Request = { signal: watch.signal, progress, begun: watch.begun };
      const work = run(method, envelope, request).finally(leave);
      // Who does not wait for the end of it is not told of it.
      return await Promise.race([work, watch.over]);
    } finally {
      watch.close();
      progress?.end();
      leaveHost();
    }
  }

  return {
    greet(told) {
      client = told;
    },
    async openUsual() {
      if (options.folder !== undefined) usual ??= await open(options.folder);
      return usual;
    },
    answer: answerOne,
    async close(patienceMs) {
      await users.downTo(0, patienceMs);
      await Promise.all([...rooms.keys()].map((id) => close(id, 0, 0)));
      await nowhere?.close();
      nowhere = undefined;
    },
  };
}

type Request = Pick<RequestWatch, 'signal' | 'begun'> & { readonly progress: Progress | undefined };

function tooMany(): Failure {
  return new Failure('busy', `${roomLimit} workspaces are open, which is as many as may be`, {
    data: { limit: roomLimit },
    hint: 'close some with workspace/close',
  });
}
