/** The few messages that may wait for the back thread before they are forwarded, and for how long. */

export type Side = 'editor' | 'agent';

export type Gate = {
  readonly name: string;
  /** Who is asked about it in the back thread. */
  readonly judge:
    | 'start'
    | 'prompt'
    | 'write'
    | 'permission'
    | 'hello'
    | 'own'
    | 'cancel'
    | 'answer'
    | 'question';
  /** Who sends the message. */
  readonly from: Side;
  readonly deadlineMs: number;
  /** What becomes of it past the deadline. Only what is meant for clew itself is not forwarded then. */
  readonly overdue: 'pass' | 'absorb';
  /** What becomes of it when there is nobody to judge: it passes, unless told. */
  readonly unjudged?: 'absorb';
  /** Bytes that occur in every such message. Searched first, so that all other lines cost next to nothing. */
  readonly needle: string;
};

/**
 * Needles are the last word of the method, without its slash: some programs write it as `\/`.
 * A deadline is the longest that a person would not notice in that place.
 */
export const gates: readonly Gate[] = [
  {
    name: 'session/prompt',
    judge: 'prompt',
    from: 'editor',
    deadlineMs: 2_500,
    overdue: 'pass',
    needle: 'prompt"',
  },
  {
    name: 'fs/write_text_file',
    judge: 'write',
    from: 'agent',
    deadlineMs: 1_000,
    overdue: 'pass',
    needle: 'write_text_file"',
  },
  {
    name: 'session/request_permission',
    judge: 'permission',
    from: 'agent',
    deadlineMs: 1_000,
    overdue: 'pass',
    needle: 'request_permission"',
  },
];
