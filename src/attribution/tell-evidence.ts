/** Says in words how it is known where a line comes from, and how sure that is. */
import type { Grade, Origin } from './origin.ts';

/** `nameOf` shortens an id for people. */
export function tellEvidence(origin: Origin, nameOf: (id: string) => string): string[] {
  const { flags = [], seen, among } = origin;
  const name = (id: string | undefined) => (id === undefined ? '' : nameOf(id));
  const others = (among ?? []).map(nameOf).join(', ');
  const grades: Readonly<Record<Grade, string>> = {
    W: `the tool call told this very text, and checkpoint ${name(seen)} has it`,
    L: `the agent's own log told this very text, and checkpoint ${name(seen)} has it`,
    X: `nothing told it; it is new in checkpoint ${name(seen)}, and ${
      among === undefined ? 'this tool call alone' : `the tool calls ${others} of this turn alone`
    } can have been it`,
    C: `nothing told it; it is new in checkpoint ${name(seen)}, and several can have been it: ${others}`,
    U:
      seen === undefined
        ? 'it was there before clew looked, or came while nobody did'
        : `it is new in checkpoint ${name(seen)}; no tool call told it, and none that could have been it was at work`,
  };
  return [grades[origin.grade], ...flags.map((it) => flagWords[it]), sureness[origin.grade]];
}

const flagWords = {
  formatter: 'its spaces, quotes or breaks were changed since, by somebody else',
  moved: 'it stood elsewhere in the file before',
  file: 'the file is too large, or no text, and known as a whole only: this was its last change',
} as const;

const sureness: Readonly<Record<Grade, string>> = {
  W: 'sure',
  L: 'sure that the agent says so; nobody watched it',
  X: 'likely: a person who typed at that very time would be taken for it',
  C: 'open: nobody is credited',
  U: 'unknown: nobody is credited',
};
