/** A connection that stays, as a host at the other end of a door has it: answers, and what comes unasked. */
import { onTestFinished } from 'vitest';
import type { Methods, TraceTold } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { openContext } from '../../../src/methods/context.ts';
import { compileSchema } from '../../../src/methods/validate.ts';
import { ask, type Recorded } from '../recorded.ts';

type Name = keyof TraceTold;
type Params<N extends Name> = NonNullable<TraceTold[N]>;
export type Told = { [N in Name]: { readonly name: N; readonly params: Params<N> } }[Name];

export function connectAt(
  recorded: Pick<Recorded, 'root' | 'env'>,
  hear: (told: Told) => void = () => undefined,
) {
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  const closings: (() => void)[] = [];
  const connection = {
    /** It does not read what is sent. */
    slow: false,
    ask: <M extends keyof Methods>(method: M, params: Methods[M]['params']) =>
      ask(context, method, params),
    all: () => told,
    told: <N extends Name>(name: N) =>
      told.filter((it) => it.name === name).map((it) => it.params as Params<N>),
    /** The first that is as wanted, also of those that came already. */
    until<N extends Name>(name: N, isWanted: (params: Params<N>) => boolean): Promise<Params<N>> {
      return new Promise((done) => {
        const look = () => {
          const found = connection.told(name).find(isWanted);
          if (found === undefined) return;
          waiting.delete(look);
          done(found);
        };
        waiting.add(look);
        look();
      });
    },
    /** Looked at now and whenever something is told. */
    whenTrue(isTrue: () => boolean): Promise<void> {
      return new Promise((done) => {
        const look = () => {
          if (!isTrue()) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
      });
    },
    close() {
      for (const work of closings.splice(0)) work();
    },
  };
  const context = openContext({
    folder: recorded.root,
    env: recorded.env,
    door: {
      notify(name, params) {
        const it = { name, params } as Told;
        told.push(it);
        hear(it);
        for (const look of [...waiting]) look();
      },
      keepsUp: () => !connection.slow,
      onClose: (work) => void closings.push(work),
    },
  });
  onTestFinished(async () => {
    connection.close();
    await context.close();
    const check = await compileSchema('part/trace-told');
    for (const { name, params } of told)
      if (!check({ [name]: params }))
        throw new Error(`${name} is told against its schema: ${JSON.stringify(check.errors)}`);
  });
  return connection;
}

export function writersIn(entries: readonly Entry[]): Set<string> {
  return new Set(entries.map((it) => it.writer));
}
