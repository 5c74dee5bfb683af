/** What a session did since its last checkpoint that can have changed files, as far as the wire tells. */
import type {
  Claim,
  Event,
  FileWritten,
  PermissionAsked,
  StepChanged,
  StepEnded,
  StepStarted,
} from '../contract/types.gen.ts';
import type { Clock } from '../store/clock.ts';
import type { Act, Reach } from '../undo/act.ts';
import { openEchoes } from './open-echoes.ts';
import { type Begun, type HeardClock, openSinceLog } from './open-since.ts';
import { type Kept, openTold, type ToldLog } from './told-log.ts';

export type ActLog = {
  /** One event after the other. Answers the step that has just ended, if it can have written. */
  read(event: Event): EndedStep | undefined;
  /**
   * What to keep with the next checkpoint; `settle` when that one is taken. What an act may have
   * done without naming it stays open until a checkpoint has looked at everything. `held`: a gate
   * waits for the look. Files that are named there are about to be written, and whoever announced
   * that has not done it yet; neither has done anything who waits for permission.
   */
  pending(held?: readonly string[]): Pending;
};

export type Pending = {
  readonly acts: readonly Act[];
  /** What the acts' claims name. */
  readonly texts: readonly string[];
  /**
   * `looked`: the files that it looked at; all of them, unless told. `isSame`: nothing was new, and it was not
   * kept. The look before may have seen what was done by then already: what the acts told goes with the next.
   */
  settle(looked: readonly string[] | undefined, isSame?: boolean): void;
  /** The checkpoint was taken or not; in the end, whatever came of it. */
  release(): void;
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
  /** Of these, what went through the editor by now. */
  readonly written: Set<string>;
  readonly told: ToldLog;
  /** Undefined where nobody told when it began. */
  begun: Begun | undefined;
  kind: string | undefined;
  /** It said of some file that it writes it. */
  namesFiles: boolean;
  /** It has asked for permission, and nothing was heard of it since. */
  isAsking: boolean;
  isEnded: boolean;
  isFailed: boolean;
  isLate: boolean;
  /** How many looks at everything are under way that will account for it. */
  looks: number;
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

const commandLimit = 1_000;

export type ActPorts = {
  /** Makes a path relative to the workspace; undefined for one outside of it. Of a link: what it leads to, unless it is meant itself. */
  inside(path: string, isItself?: boolean): string | undefined;
  /** A text that a claim names, while it is at hand. */
  textOf(blob: string): string | undefined;
  readonly clock: HeardClock;
};

export function openActLog(session: string, { inside, textOf, clock }: ActPorts): ActLog {
  const steps = new Map<string, Step>();
  const sinceLog = openSinceLog(clock);
  /** Steps that are accounted for and may still be running. */
  const commands = new Map<string, Pick<Step, 'turn' | 'begun'>>();
  const echoes = openEchoes();

  function echo(id: string, step: Step): void {
    const kept = step.told.list([...step.paths]);
    const by = { session, turn: step.turn, step: id };
    const act: Act = { by, paths: [], reach: 'named', ...tellMore(step, kept, clock) };
    echoes.add({ act, text: kept.flatMap((it) => it.text) });
  }

  function open(event: StepStarted): void {
    if (event.kind !== 'tool' && event.kind !== 'terminal') return;
    const kind = event.kind === 'terminal' ? 'execute' : event.tool?.kind;
    const isLate = event.late === true;
    const begun = sinceLog.begin();
    steps.set(event.step, { ...emptyStep(event.turn), begun, kind, isLate });
  }

  function change({ step: id, toolKind, late }: StepChanged): void {
    const step = steps.get(id);
    if (step !== undefined) step.isAsking = false;
    if (step !== undefined && toolKind !== undefined) step.kind = toolKind;
    const command = commands.get(id);
    // A command that outlived its turn has gone on meanwhile.
    if (step === undefined && command !== undefined && late === true) {
      const more = { begun: command.begun, kind: 'execute', isEnded: true, isLate: true };
      steps.set(id, { ...emptyStep(command.turn), ...more });
    }
  }

  function ask({ on }: PermissionAsked): void {
    const step = on === undefined ? undefined : steps.get(on);
    if (step !== undefined) step.isAsking = true;
  }

  function drop(id: string, step: Step): void {
    steps.delete(id);
    if (reachOf(step) !== 'anything') return;
    commands.set(id, { turn: step.turn, begun: step.begun });
    const [oldest] = commands.keys();
    if (commands.size > commandLimit && oldest !== undefined) commands.delete(oldest);
  }

  function claim(id: string, turn: string, claims: readonly Claim[]): void {
    const step = steps.get(id) ?? { ...emptyStep(turn), isEnded: true };
    for (const it of claims) if (it.operation !== 'read') addClaim(step, it);
    if (0 < step.paths.size) steps.set(id, step);
  }

  function write(id: string, turn: string, { path, blob }: FileWritten): void {
    claim(id, turn, [{ path, operation: 'write', source: 'fs', after: blob, whole: true }]);
    const found = inside(path);
    if (found !== undefined) steps.get(id)?.written.add(found);
  }

  function forget(step: Step, paths: readonly string[]): void {
    for (const path of paths) step.paths.delete(path);
    step.told.drop(paths);
  }

  function addClaim(step: Step, claim: Claim): void {
    const isItself = claim.operation === 'delete' || claim.operation === 'move';
    const [path, from] = [claim.path, claim.oldPath].map((named) => {
      const found = named === undefined ? undefined : inside(named, isItself);
      if (found === undefined || found === '') return undefined;
      step.paths.add(found);
      step.namesFiles = true;
      return found;
    });
    if (path !== undefined) step.told.add({ ...claim, path, from }, textOf);
  }

  function end({ step: id, outcome }: StepEnded): EndedStep | undefined {
    const step = steps.get(id);
    if (step === undefined) return undefined;
    step.isEnded = true;
    step.begun?.end();
    step.isFailed = outcome === 'failed' || outcome === 'rejected';
    const reach = reachOf(step);
    if (reach === 'named' && step.paths.size === 0) {
      // It only looked: a long turn has tens of thousands of these.
      steps.delete(id);
      return undefined;
    }
    return { turn: step.turn, step: id, paths: [...step.paths], reach, isLate: step.isLate };
  }

  return {
    read(event) {
      sinceLog.read(event);
      if (event.type === 'step-started') open(event);
      else if (event.type === 'step-changed') change(event);
      else if (event.type === 'files-claimed') claim(event.step, event.turn, event.claims);
      else if (event.type === 'file-written' && event.turn !== undefined)
        write(event.step ?? event.turn, event.turn, event);
      else if (event.type === 'permission-asked') ask(event);
      else if (event.type === 'step-ended') return end(event);
      return undefined;
    },
    pending(held) {
      const ended = [...steps].filter(([, step]) => step.isEnded);
      const isDone = (step: Step, path: string) =>
        step.isEnded || step.written.has(path) || !held?.includes(path);
      // The engine looks in the order in which it is asked.
      const isSeenTo = (step: Step) => held !== undefined && step.isEnded && 0 < step.looks;
      const own = ended.filter(([, step]) => !isSeenTo(step));
      const isWaiting = (step: Step) => held !== undefined && !step.isEnded && step.isAsking;
      const texts: string[] = [];
      const acts = [...steps].flatMap(([id, step]): Act[] => {
        if (isSeenTo(step) || isWaiting(step)) return [];
        const reach = reachOf(step);
        const paths = [...step.paths].filter((path) => isDone(step, path));
        if (reach === 'named' && paths.length === 0) return [];
        const told = step.told.list(paths);
        for (const { text } of told) texts.push(...text);
        const act: Act = { by: { session, turn: step.turn, step: id }, paths, reach };
        return [{ ...act, ...tellMore(step, told, clock) }];
      });
      const counted = held === undefined ? ended : [];
      for (const [, step] of counted) step.looks += 1;
      const echoed = echoes.list();
      return {
        acts: [...echoed.map((it) => it.act), ...acts],
        texts: [...echoed.flatMap((it) => it.text), ...texts],
        release() {
          for (const [, step] of counted) step.looks -= 1;
        },
        settle(looked, isSame = false) {
          if (isSame) for (const [id, step] of own) echo(id, step);
          else echoes.drop(echoed);
          for (const [id, step] of own) {
            if (looked === undefined || reachOf(step) === 'named') drop(id, step);
            // What becomes of these from now on is another's doing.
            else forget(step, looked);
          }
        },
      };
    },
  };
}

function tellMore(step: Step, told: readonly Kept[], now: Clock): Partial<Act> {
  const since = step.begun?.since(now);
  return {
    ...(told.length === 0 ? {} : { told: told.map((it) => it.told) }),
    ...(step.isFailed ? { failed: true } : {}),
    ...(since === undefined ? {} : { since }),
  };
}

function emptyStep(turn: string): Step {
  const [paths, written] = [new Set<string>(), new Set<string>()];
  return {
    turn,
    paths,
    written,
    told: openTold(),
    begun: undefined,
    kind: 'edit',
    namesFiles: false,
    isAsking: false,
    isEnded: false,
    isFailed: false,
    isLate: false,
    looks: 0,
  };
}

function reachOf({ kind, namesFiles }: Step): Reach {
  if (looking.has(kind)) return 'named';
  return writing.has(kind) && namesFiles ? 'removals' : 'anything';
}
