/** A step that a host tells of: written down from its start, with what it said and named, and one end. */
import { createHash } from 'node:crypto';
import { cutPart, headOf } from '../acp/cut-text.ts';
import type { Attachment, Claim, Event, StepEnded, StepStarted } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';

export type TraceSource = Attachment;
export type TraceFile = Pick<Claim, 'path' | 'operation' | 'line' | 'added' | 'removed'>;

export type StepAbout = {
  readonly kind: StepStarted['kind'];
  readonly title?: string;
  /** For messages; the agent's unless told. */
  readonly role?: 'agent' | 'user';
  readonly tool?: { readonly name?: string; readonly kind?: string; readonly call?: string };
  /** Id of the step that this one is a part of. */
  readonly parent?: string;
  /** The host's id of the message that it is, or is about. */
  readonly message?: string;
};

export type StepEnd = {
  /** What was said, or what a tool printed. */
  readonly content?: string;
  readonly sources?: readonly TraceSource[];
  /** Files that it names. */
  readonly files?: readonly TraceFile[];
  readonly message?: string;
  readonly exitCode?: number;
};

export type OpenStep = {
  readonly id: string;
  /** False if it had ended. */
  end(outcome: StepEnded['outcome'], end?: StepEnd & { readonly problem?: string }): boolean;
};

/** A longer text is said in so many pieces. */
export const partLength = 16_384;
const outputLimit = 4096;

export type StepPlace = {
  write(event: Event): void;
  readonly turn: string;
  readonly id: string;
  mono(): number;
};

/** Begun when this returns. */
export function openStep({ write, turn, id, mono }: StepPlace, about: StepAbout): OpenStep {
  const since = mono();
  const { tool, role, ...said } = about;
  let isOver = false;
  write({
    type: 'step-started',
    turn,
    step: id,
    ...said,
    ...(about.kind === 'message' ? { role: role ?? 'agent' } : {}),
    ...(about.kind === 'tool'
      ? { tool: { announced: true, ...tool, call: tool?.call ?? id } }
      : {}),
  });

  function sayContent(content: string): void {
    const as = about.kind === 'thought' ? 'thought' : (role ?? 'agent');
    let rest = content;
    for (let part = 0; rest !== ''; part += 1) {
      const cut = cutPart(rest, partLength);
      const text = rest.slice(0, cut);
      write({ type: 'message-said', turn, step: id, role: as, part, text });
      rest = rest.slice(cut);
    }
  }

  function end(
    outcome: StepEnded['outcome'],
    {
      content,
      sources,
      files,
      message,
      exitCode,
      problem,
    }: StepEnd & { readonly problem?: string } = {},
  ): boolean {
    if (isOver) return false;
    isOver = true;
    const isTalk = about.kind === 'message' || about.kind === 'thought';
    if (isTalk && content !== undefined) sayContent(content);
    if (files !== undefined && files.length > 0) {
      const claims = files.map((it) => ({ ...it, source: 'tool-response' as const }));
      write({ type: 'files-claimed', turn, step: id, claims });
    }
    write({
      type: 'step-ended',
      step: id,
      outcome,
      afterMs: Math.round(mono() - since),
      ...(isTalk || content === undefined ? {} : { output: measure(content) }),
      ...known({ sources: sources && [...sources], message, exitCode, problem }),
    });
    return true;
  }

  return { id, end };
}

function measure(text: string) {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const shown = headOf(text, outputLimit);
  const cut = shown.length < text.length ? { cut: true } : {};
  return { bytes: Buffer.byteLength(text), sha256, text: shown, ...cut };
}
