/** One namespace of the state store: the narrow port that everybody sees, over a keyv of its own. */

/** What a namespace holds. Values are plain JSON; what is older than `ttlMs` is gone. */
export type StateSpace<Value> = {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<void>;
};

export type SpaceTerms = {
  /** Raised when the shape of the values changes; those of another version are as good as absent. */
  readonly version: number;
  readonly ttlMs?: number;
};

/** What of keyv is used. */
export type Kept = {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs?: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
};

/** Runs an act on the namespace's keyv, opening it before and mending it on the way. */
export type Attempt = <T>(act: (kept: Kept) => Promise<T>) => Promise<T>;

type Stamped = { readonly v: number; readonly value: unknown };

/**
 * Of several sets of one key that are under way at once keyv lets any of them win, so those of one key
 * go one after the other, and whoever gets it waits for them.
 */
export function openStateSpace<Value>(terms: SpaceTerms, attempt: Attempt): StateSpace<Value> {
  const lines = new Map<string, Promise<unknown>>();

  function queue<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = lines.get(key);
    // Whoever asked for the earlier one is told that it failed; the next is tried all the same.
    const mine = before === undefined ? work() : before.then(work, work);
    lines.set(key, mine);
    const leave = () => {
      if (lines.get(key) === mine) lines.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  }

  return {
    get: (key) =>
      queue(key, async () => {
        const found = await attempt((kept) => kept.get(nameKey(key)));
        return isStamped(found) && found.v === terms.version ? (found.value as Value) : undefined;
      }),
    set: (key, value) =>
      queue(key, async () => {
        const stamped: Stamped = { v: terms.version, value };
        await attempt((kept) => kept.set(nameKey(key), stamped, terms.ttlMs));
      }),
    delete: (key) =>
      queue(key, async () => {
        await attempt((kept) => kept.delete(nameKey(key)));
      }),
  };
}

/** keyv takes a key that begins with the namespace's name and a colon for one that it has prefixed already. */
function nameKey(key: string): string {
  return `/${key}`;
}

function isStamped(found: unknown): found is Stamped {
  return typeof found === 'object' && found !== null && 'v' in found && 'value' in found;
}

const namePattern = /^[a-z0-9-]+$/;

/** Other letters than these make namespaces look like each other to keyv. */
export function checkSpaceName(name: string): void {
  if (!namePattern.test(name)) throw new Error(`no name for a namespace: ${name}`);
}
