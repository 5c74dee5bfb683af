/** Lends what is costly to hold open: opened on first use, shared, and closed when nobody has used it for a while. */

export type Lease<Thing> = { readonly thing: Thing; release(): void };

export type Leases<Thing> = {
  /** Rejects where it cannot be opened; the next one tries again. */
  lend(name: string): Promise<Lease<Thing>>;
  size(): number;
  /** Waits for what is lent, and closes everything. */
  close(): Promise<void>;
};

export type LeasePorts<Thing> = {
  open(name: string): Promise<Thing>;
  close(thing: Thing): Promise<void>;
  readonly idleMs: number;
  complain(error: unknown): void;
};

type Held<Thing> = {
  readonly opening: Promise<Thing>;
  users: number;
  idle: NodeJS.Timeout | undefined;
};

export function openLeases<Thing>(ports: LeasePorts<Thing>): Leases<Thing> {
  const held = new Map<string, Held<Thing>>();
  let isClosed = false;
  let tellAllBack: (() => void) | undefined;

  function hold(name: string): Held<Thing> {
    const known = held.get(name);
    if (known !== undefined) return known;
    const fresh = { opening: ports.open(name), users: 0, idle: undefined };
    held.set(name, fresh);
    return fresh;
  }

  async function end(name: string, it: Held<Thing>): Promise<void> {
    clearTimeout(it.idle);
    if (held.get(name) === it) held.delete(name);
    try {
      await ports.close(await it.opening);
    } catch (error) {
      ports.complain(error);
    }
  }

  function giveBack(name: string, it: Held<Thing>): void {
    it.users -= 1;
    if (0 < it.users) return;
    if (isClosed) tellAllBack?.();
    else {
      it.idle = setTimeout(() => void end(name, it), ports.idleMs);
      it.idle.unref();
    }
  }

  return {
    async lend(name) {
      if (isClosed) throw new Error(`${name} is not lent any more`);
      const it = hold(name);
      clearTimeout(it.idle);
      it.users += 1;
      let isBack = false;
      try {
        const thing = await it.opening;
        return {
          thing,
          release() {
            if (isBack) return;
            isBack = true;
            giveBack(name, it);
          },
        };
      } catch (error) {
        it.users -= 1;
        if (held.get(name) === it) held.delete(name);
        throw error;
      }
    },
    size: () => held.size,
    async close() {
      isClosed = true;
      const isLent = () => [...held.values()].some((it) => 0 < it.users);
      while (isLent())
        await new Promise<void>((resolve) => {
          tellAllBack = resolve;
        });
      await Promise.all([...held].map(([name, it]) => end(name, it)));
    },
  };
}
