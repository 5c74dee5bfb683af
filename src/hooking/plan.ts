/** What is to be done to a repository's hooks, in order, and what it comes to for each of them. */
import type { Route } from './choose-route.ts';
import type { HookName } from './layout.ts';

export type Step =
  /** Only when it is not there. */
  | { readonly do: 'make-folder'; readonly path: string; readonly mode: number }
  /** Takes the place of what is there, at once. */
  | { readonly do: 'write'; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly do: 'move'; readonly path: string; readonly to: string }
  | { readonly do: 'link'; readonly path: string; readonly target: string }
  | { readonly do: 'remove'; readonly path: string }
  /** Only when it is empty. */
  | { readonly do: 'remove-folder'; readonly path: string };

export type Outcome =
  | 'added'
  | 'renewed'
  | 'present'
  /** A person must do it: `say` has what to put where. */
  | 'asks'
  | 'refused'
  | 'removed'
  | 'absent';

export type HookPlan = {
  readonly hook: HookName;
  readonly route: Route;
  readonly path: string;
  readonly outcome: Outcome;
  readonly say?: string;
};

export type Plan = { readonly hooks: readonly HookPlan[]; readonly steps: readonly Step[] };

export const programMode = 0o755;
export const textMode = 0o644;
export const privateMode = 0o700;
