/** The state store where none can be kept: the same contract, forgotten with the process. */
import Keyv from 'keyv';
import type { StateStore } from './open-state-store.ts';
import { checkSpaceName, openStateSpace } from './state-space.ts';

export function openMemoryState(): StateStore {
  const spaces = new Map<string, Keyv>();

  function keyvOf(name: string): Keyv {
    const known = spaces.get(name) ?? new Keyv({ namespace: name, throwOnErrors: true });
    spaces.set(name, known);
    return known;
  }

  return {
    notes: [],
    space(name, terms) {
      checkSpaceName(name);
      return openStateSpace(terms, (act) => act(keyvOf(name)));
    },
    sweep: async () => 0,
    close: async () => spaces.clear(),
  };
}
