/** A line of the wire as the recorder hands it over. */

export type Side = 'editor' | 'agent';

export type Line = {
  readonly from: Side;
  /** Without its newline, already known to be UTF-8. */
  readonly text: string;
  readonly bytes: number;
  /** Milliseconds since the recorder began; never goes back. */
  readonly mono: number;
};
