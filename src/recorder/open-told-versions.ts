/** Versions that an agent was told of by a refusal, and may have looked at since by means that nobody here can read. */
import type { StepEnded, StepStarted } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';

export type ToldVersions = {
  /** Everything that is written down. */
  watch(note: Note): void;
  /** The refusal named that version, and showed what is other in it. */
  tell(session: string, path: string, blob: string | null): void;
  /** It was told, and has done something since that may have shown it more. */
  hasLooked(session: string, path: string, blob: string | null): boolean;
};

type Told = { readonly session: string; readonly blob: string | null; hasLooked: boolean };

/** Tools that show no file, or say which one. */
const clear: ReadonlySet<string | undefined> = new Set([
  ...['edit', 'move', 'delete', 'think', 'switch_mode'],
]);
const limit = 200;

export function openToldVersions(): ToldVersions {
  const told = new Map<string, Told>();
  /** Steps that began after some refusal. */
  const steps = new Map<string, string>();

  function begin(session: string, { step, kind, tool }: StepStarted): void {
    const isTool = kind === 'terminal' || kind === 'tool';
    if (isTool && !clear.has(tool?.kind)) setBounded(steps, step, session);
  }

  function end({ step, outcome }: StepEnded): void {
    const session = steps.get(step);
    steps.delete(step);
    if (session === undefined || outcome === 'rejected') return;
    for (const it of told.values()) if (it.session === session) it.hasLooked = true;
  }

  return {
    watch({ session, event }) {
      if (session === undefined || told.size === 0) return;
      if (event.type === 'step-started') begin(session, event);
      else if (event.type === 'step-ended') end(event);
    },
    tell(session, path, blob) {
      setBounded(told, `${session} ${path}`, { session, blob, hasLooked: false });
    },
    hasLooked(session, path, blob) {
      const found = told.get(`${session} ${path}`);
      return found !== undefined && found.blob === blob && found.hasLooked;
    },
  };
}

function setBounded<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}
