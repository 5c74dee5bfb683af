/** Leaves out of an object what nobody said. */

export function known<T extends object>(told: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const said = Object.entries(told).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [K in keyof T]?: NonNullable<T[K]> };
}
