/** What a session did since its last checkpoint that can have changed files, as far as the wire tells. */
import type { Claim, Event, StepStarted } from '../contract/types.gen.ts';
import type { Act, Reach } from '../undo/act.ts';

export type ActLog = {
  /** One event after the other. Answers the step that has just ended, if it can have written. */
  read(event: Event): EndedStep | undefined;
  /**
   * What to keep with the next checkpoint; `settle` when that one is taken. What an act may have
   * done without naming it stays open until a checkpoint has looked at everything.
   */
  pending(): { readonly acts: readonly Act[]; settle(isWhole: boolean): void };
};

export type EndedStep = {
  readonly turn: string;
  readonly step: string;
  readonly paths: readonly string[];
  readonly reach: Reach;
  /** It came after its turn. */
  readonly isLate: boolean;
};

type Step = {
  readonly turn: string;
  readonly paths: Set<string>;
  kind: string | undefined;
  isEnded: boolean;
  isLate: boolean;
};

/** Tools that only look. */
const looking: ReadonlySet<string | undefined> = new Set([
  'read',
  'search',
  'fetch',
  'think',
  'switch_mode',
]);
/** Tools that say what they write, but for what they take away. */
const writing: ReadonlySet<string | undefined> = new Set(['edit', 'move', 'delete']);

/** `inside` makes a path relative to the workspace; undefined for one outside of it. */
export function openActLog(session: string, inside: (path: string) => string | undefined): ActLog {
  const steps = new Map<string, Step>();

  function open(event: StepStarted): void {
    if (event.kind !== 'tool' && event.kind !== 'terminal') return;
    const kind = event.kind === 'terminal' ? 'execute' : event.tool?.kind;
    const isLate = event.late === true;
    const { turn } = event;
    steps.set(event.step, { turn, kind, isLate, paths: new Set(), isEnded: false });
  }

  function claim(id: string, turn: string, claims: readonly Claim[]): void {
    const step = steps.get(id) ?? { ...emptyStep(turn), isEnded: true };
    for (const it of claims) if (it.operation !== 'read') addPaths(step, it);
    if (0 < step.paths.size) steps.set(id, step);
  }

  function addPaths(step: Step, { path, oldPath }: Pick<Claim, 'path' | 'oldPath'>): void {
    for (const named of [path, oldPath]) {
      const found = named === undefined ? undefined : inside(named);
      if (found !== undefined && found !== '') step.paths.add(found);
    }
  }

  function end(id: string): EndedStep | undefined {
    const step = steps.get(id);
    if (step === undefined) return undefined;
    step.isEnded = true;
    const reach = reachOf(step);
    if (reach === 'named' && step.paths.size === 0) return undefined;
    return { turn: step.turn, step: id, paths: [...step.paths], reach, isLate: step.isLate };
  }

  return {
    read(event) {
      if (event.type === 'step-started') open(event);
      else if (event.type === 'step-changed') {
        const step = steps.get(event.step);
        if (step !== undefined && event.toolKind !== undefined) step.kind = event.toolKind;
      } else if (event.type === 'files-claimed') claim(event.step, event.turn, event.claims);
      else if (event.type === 'file-written' && event.turn !== undefined) {
        const { turn, path } = event;
        const step = event.step ?? turn;
        claim(step, turn, [{ path, operation: 'write', source: 'fs' }]);
      } else if (event.type === 'step-ended') return end(event.step);
      return undefined;
    },
    pending() {
      const ended = [...steps].filter(([, step]) => step.isEnded);
      const acts = [...steps].flatMap(([step, it]): Act[] => {
        const reach = reachOf(it);
        if (reach === 'named' && it.paths.size === 0) return [];
        return [{ by: { session, turn: it.turn, step }, paths: [...it.paths], reach }];
      });
      return {
        acts,
        settle(isWhole) {
          for (const [id, step] of ended)
            if (isWhole || reachOf(step) === 'named') steps.delete(id);
        },
      };
    },
  };
}

function emptyStep(turn: string): Step {
  return { turn, paths: new Set(), kind: 'edit', isEnded: false, isLate: false };
}

function reachOf({ kind, paths }: Step): Reach {
  if (looking.has(kind)) return 'named';
  return writing.has(kind) && 0 < paths.size ? 'removals' : 'anything';
}
