/** How far the steps are that a host tells of: kept while they are open, for whoever listens or comes late. */
import { tailOfWhole } from '../acp/progress.ts';
import type { Progress } from '../store/serve-progress.ts';
import { openSocketFolder } from '../store/socket-folder.ts';
import { openProgress, type ProgressTeller } from './open-progress.ts';

export type ToldProgress = Pick<ProgressTeller, 'clear' | 'close'> & {
  /** Undefined but for the first writer: one socket tells of all of them. */
  serve(writer: string): string | undefined;
  /** The text so far, whole. */
  tell(told: Progress): void;
  /** It has ended. */
  drop(step: string): void;
};

export type ToldProgressPorts = {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  redact(text: string): string;
  warn(text: string): void;
};

export function openToldProgress({ root, env, redact, warn }: ToldProgressPorts): ToldProgress {
  const open = new Map<string, Progress>();
  const moved = new Set<string>();
  let isServed = false;
  const teller = openProgress({
    read(which) {
      const steps = which === 'all' ? [...open.keys()] : [...moved];
      moved.clear();
      return steps.flatMap((it) => {
        const told = open.get(it);
        return told === undefined ? [] : [{ ...told, ...tailOfWhole(told.content) }];
      });
    },
    redact,
    rootOf: () => root,
    folder: () => openSocketFolder(env),
    refused: (error) => warn(`no live progress: ${String(error)}`),
  });
  return {
    clear: teller.clear,
    close: teller.close,
    serve(writer) {
      if (isServed) return undefined;
      isServed = true;
      return teller.serve(root, writer);
    },
    tell(told) {
      open.set(told.step, told);
      moved.add(told.step);
      teller.wake();
    },
    drop(step) {
      open.delete(step);
      moved.delete(step);
    },
  };
}
