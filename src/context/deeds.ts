/**
 * The one interface for all agents: whatever speaks ACP v1, v2 or only JSON on a command line comes down to
 * files that are read, written and changed, and commands that are run.
 */
import type {
  Claim,
  Event,
  FileRead,
  FileWritten,
  StepChanged,
  StepEnded,
  StepStarted,
} from '../contract/types.gen.ts';

type Where = { readonly turn?: string | undefined; readonly step?: string | undefined };

export type FileDeeds = {
  /** `blob` when the whole text went over the wire; `isGuess` when only a command's text says so. */
  read(deed: Where & { path: string; blob?: string; isPart: boolean; isGuess: boolean }): void;
  /** Through the editor, and done. */
  write(deed: Where & { path: string; blob: string }): void;
  /** Through the editor, and refused: whatever becomes of its step, only that very text can be its own. */
  refused?(deed: Where & { path: string; blob: string }): void;
  /** Said, and done when its step has ended well. `after` when that is the whole file. */
  change(deed: Where & { path: string; kind: ChangeKind; oldPath?: string; after?: string }): void;
  /** Something that may write anywhere begins. */
  command(deed: Where & { step: string }): void;
  /** What was said in a step has happened, or not. */
  end(step: string, outcome: StepEnded['outcome']): void;
};

export type ChangeKind = Exclude<Claim['operation'], 'read'>;

export type DeedTeller = { tell(event: Event, deeds: FileDeeds): void };

/** The tool through which codex reads files is a shell, and what it calls a read is its guess, too. */
const guessingTools: ReadonlySet<string | undefined> = new Set(['exec_command', 'shell']);
const stepLimit = 2_000;

export function openDeedTeller(): DeedTeller {
  /** The tool of each open step. */
  const tools = new Map<string, string | undefined>();

  function begin(event: StepStarted, deeds: FileDeeds): void {
    const { kind, tool, turn, step } = event;
    if (kind !== 'tool' && kind !== 'terminal') return;
    tools.set(step, tool?.name);
    const [oldest] = tools.keys();
    if (tools.size > stepLimit && oldest !== undefined) tools.delete(oldest);
    if (kind === 'terminal' || !knownKinds.has(tool?.kind)) deeds.command({ turn, step });
  }

  function claim(where: Where, it: Claim, deeds: FileDeeds): void {
    const { path, operation, source, oldPath, after, whole, part } = it;
    if (operation !== 'read') {
      const more = { ...(oldPath && { oldPath }), ...(whole && after && { after }) };
      deeds.change({ ...where, path, kind: operation, ...more });
      return;
    }
    const tool = where.step === undefined ? undefined : tools.get(where.step);
    const isGuess = source === 'command' || guessingTools.has(tool);
    deeds.read({ ...where, path, isPart: part === true, isGuess });
  }

  function change({ step, toolName }: StepChanged): void {
    if (toolName !== undefined && tools.has(step)) tools.set(step, toolName);
  }

  return {
    tell(event, deeds) {
      if (event.type === 'step-started') begin(event, deeds);
      else if (event.type === 'step-changed') change(event);
      else if (event.type === 'files-claimed')
        for (const it of event.claims) claim({ turn: event.turn, step: event.step }, it, deeds);
      else if (event.type === 'file-read') tellRead(event, deeds);
      else if (event.type === 'file-written') tellWritten(event, deeds);
      else if (event.type === 'step-ended') {
        tools.delete(event.step);
        deeds.end(event.step, event.outcome);
      }
    },
  };
}

function tellRead({ turn, step, path, blob, problem }: FileRead, deeds: FileDeeds): void {
  if (problem !== undefined) return;
  deeds.read({ turn, step, path, ...(blob && { blob }), isPart: !blob, isGuess: false });
}

function tellWritten({ turn, step, path, blob, problem }: FileWritten, deeds: FileDeeds): void {
  if (problem === undefined) deeds.write({ turn, step, path, blob });
  else deeds.refused?.({ turn, step, path, blob });
}

/** Tools of these kinds say which files they change. */
const knownKinds: ReadonlySet<string | undefined> = new Set([
  ...['read', 'search', 'fetch', 'think', 'switch_mode'],
  ...['edit', 'move', 'delete'],
]);
