/** The beginning and the end of a connection, as language servers have them: initialize, shutdown, exit. */
import type { Initialize, Party } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { checkAgainst } from '../methods/validate.ts';

export const protocolVersion = 1;
const protocolVersions: readonly number[] = [protocolVersion];

type Told = Omit<Initialize['result'], 'protocolVersion'>;

export type LifecyclePorts = {
  /** Somebody is there: what to tell them. */
  greet(client: Party | undefined, processId: number | undefined): Promise<Told>;
  answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  /** Ends what is open; only exit may follow. */
  shutDown(): Promise<void>;
  exit(wasShutDown: boolean): void;
};

export type Lifecycle = {
  answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  hear(method: string, params: unknown): Promise<void>;
  readonly wasShutDown: boolean;
};

export function openLifecycle(ports: LifecyclePorts): Lifecycle {
  let state: 'new' | 'greeted' | 'shut-down' = 'new';
  /** What was sent behind an initialize or shutdown that is not answered yet waits for it. */
  let turning: Promise<unknown> = Promise.resolve();

  /** One after the other; what goes wrong is said where it is answered. */
  function turn<T>(work: () => Promise<T>): Promise<T> {
    const turned = turning.then(work);
    turning = turned.then(nothing, nothing);
    return turned;
  }

  async function initialize(params: unknown = {}): Promise<Initialize['result']> {
    if (state !== 'new') throw refuseNow('initialize comes once, and first');
    const { clientInfo, processId, ...asked } = await checkAgainst<Initialize['params']>(
      'lifecycle/initialize',
      params,
    );
    const version = negotiate(asked.protocolVersions);
    const told = await ports.greet(clientInfo, processId ?? undefined);
    state = 'greeted';
    return { protocolVersion: version, ...told };
  }

  async function shutDown(): Promise<null> {
    checkOpen('shutdown');
    state = 'shut-down';
    await ports.shutDown();
    return null;
  }

  function checkOpen(method: string): void {
    if (state === 'new') throw notInitialized(method);
    if (state === 'shut-down') throw refuseNow(`${method} came after shutdown`);
  }

  return {
    async answer(method, params, signal) {
      if (method === 'initialize') return turn(() => initialize(params));
      if (method === 'shutdown') return turn(shutDown);
      await turning;
      checkOpen(method);
      return ports.answer(method, params, signal);
    },
    async hear(method, params) {
      await turning;
      if (method === 'exit') return ports.exit(state === 'shut-down');
      // A notification may be passed over; one of a method of ours asks for the work, not for the answer.
      if (state !== 'greeted' || method === 'initialized' || method.startsWith('$/')) return;
      await ports.answer(method, params, new AbortController().signal);
    },
    get wasShutDown() {
      return state === 'shut-down';
    },
  };
}

const nothing = () => undefined;

function negotiate(asked: readonly number[] = protocolVersions): number {
  const common = protocolVersions.filter((it) => asked.includes(it));
  if (0 < common.length) return Math.max(...common);
  throw new Failure('version-refused', `versions ${asked.join(', ')} are not spoken here`, {
    data: { protocolVersions },
    hint: `clew speaks ${protocolVersions.join(', ')}; a newer clew or a newer client may help`,
  });
}

function notInitialized(method: string): Failure {
  return new Failure('not-initialized', `${method} came before initialize`, {
    data: { method },
    hint: 'send initialize first, and wait for its answer',
  });
}

function refuseNow(why: string): Failure {
  return new Failure('invalid-request', why, {
    hint: 'after shutdown only exit may follow; start another server to go on',
  });
}
