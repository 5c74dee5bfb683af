/** Which files a session read and edited, as far as the wire tells: claims of steps that were not refused. */
import type {
  Claim,
  FileRead,
  FilesClaimed,
  FileWritten,
  ShortLayer,
  TouchedFile,
} from '../contract/types.gen.ts';

type Touch = { readonly path: string; readonly change: Omit<TouchedFile, 'path'> };
type TurnCount = { readonly paths: Set<string>; added: number; removed: number };

export type TouchedFiles = { readonly edited: readonly Touch[]; readonly read: readonly Touch[] };

export type Touched = {
  claim(event: FilesClaimed): void;
  read(event: FileRead): void;
  /** Whether a file was edited. */
  write(event: FileWritten): boolean;
  endStep(step: string, outcome: string): boolean;
  endTurn(turn: string): { files: number; added: number; removed: number };
  /** Everything since the last time. */
  take(): TouchedFiles;
};

type OpenStep = {
  readonly turn: string;
  readonly claims: Map<string, Claim>;
  /** What went through the editor. */
  readonly written: Map<string, string>;
};

const stepLimit = 1_000;
const claimLimit = 1_000;

export function openTouched(nameOf: (path: string) => string): Touched {
  const open = new Map<string, OpenStep>();
  const turns = new Map<string, TurnCount>();
  let edited: Touch[] = [];
  let read: Touch[] = [];

  function countEdit(turn: string, path: string, lines: Pick<Claim, 'added' | 'removed'>): void {
    const count = turns.get(turn) ?? { paths: new Set(), added: 0, removed: 0 };
    turns.set(turn, count);
    count.paths.add(path);
    count.added += lines.added ?? 0;
    count.removed += lines.removed ?? 0;
  }

  function settle({ turn, written }: OpenStep, claim: Claim): boolean {
    const path = nameOf(claim.path);
    const { operation, after, before, whole, added, removed } = claim;
    const told = operation === 'read' ? (after ?? before) : after;
    const blob = written.get(path) ?? (whole === true ? told : undefined);
    const change = { turn, ...(blob === undefined ? {} : { blob }) };
    if (operation === 'read') {
      // Only the text of a command says so.
      const guess = claim.source === 'command' ? ({ guess: true } as const) : {};
      read.push({ path, change: { ...change, ...guess } });
      return false;
    }
    const counts = {
      ...(added === undefined ? {} : { added }),
      ...(removed === undefined ? {} : { removed }),
    };
    edited.push({ path, change: { ...change, ...counts } });
    countEdit(turn, path, claim);
    return true;
  }

  return {
    claim({ step, turn, claims }) {
      const known = open.get(step) ?? { turn, claims: new Map(), written: new Map() };
      open.set(step, known);
      // What a later message says of the same file says it better.
      for (const it of claims) {
        const key = `${it.operation === 'read'}\n${it.path}`;
        if (known.claims.size < claimLimit)
          known.claims.set(key, { ...known.claims.get(key), ...it });
      }
      const [oldest] = open.keys();
      if (stepLimit < open.size && oldest !== undefined) open.delete(oldest);
    },
    read({ path, turn, blob, problem }) {
      if (problem !== undefined) return;
      const told = {
        ...(turn === undefined ? {} : { turn }),
        ...(blob === undefined ? {} : { blob }),
      };
      read.push({ path: nameOf(path), change: told });
    },
    write({ path, turn, step, blob, problem }) {
      if (problem !== undefined) return false;
      const name = nameOf(path);
      const known = open.get(step ?? '');
      known?.written.set(name, blob);
      // Where a step claims it too, the lines are counted with the claim.
      edited.push({ path: name, change: { blob, ...(turn === undefined ? {} : { turn }) } });
      if (turn !== undefined) countEdit(turn, name, {});
      return true;
    },
    endStep(step, outcome) {
      const known = open.get(step);
      open.delete(step);
      if (known === undefined || outcome === 'rejected' || outcome === 'cancelled') return false;
      // A failed edit may have written some of it; its claims stay, and the disk has the truth.
      return [...known.claims.values()].filter((it) => settle(known, it)).length > 0;
    },
    endTurn(turn) {
      const count = turns.get(turn);
      turns.delete(turn);
      return {
        files: count?.paths.size ?? 0,
        added: count?.added ?? 0,
        removed: count?.removed ?? 0,
      };
    },
    take() {
      const taken = { edited, read };
      edited = [];
      read = [];
      return taken;
    },
  };
}

/** What was touched last stands last. */
export function countTouched(layer: ShortLayer, { edited, read }: TouchedFiles): ShortLayer {
  if (edited.length + read.length === 0) return layer;
  return {
    ...layer,
    edited: mergeTouches(layer.edited, edited),
    read: mergeTouches(layer.read, read),
  };
}

function mergeTouches(files: readonly TouchedFile[], touches: readonly Touch[]): TouchedFile[] {
  const merged = new Map(files.map((it) => [it.path, it]));
  for (const { path, change } of touches) {
    const before = merged.get(path);
    merged.delete(path);
    // A version that was known before is not that of now.
    const { blob: _, guess: __, ...rest } = before ?? { path };
    const added = (before?.added ?? 0) + (change.added ?? 0);
    const removed = (before?.removed ?? 0) + (change.removed ?? 0);
    const counts = {
      ...(before?.added === undefined && change.added === undefined ? {} : { added }),
      ...(before?.removed === undefined && change.removed === undefined ? {} : { removed }),
    };
    merged.set(path, { ...rest, ...change, ...counts });
  }
  return [...merged.values()];
}
