/** What clew must know of an agent that prints JSON instead of speaking ACP. */
import type { Shape } from '../journal/json.ts';
import type { Spoken } from './speaker.ts';

export type CliAgent = {
  readonly name: string;
  /** Whether this command starts it. */
  isMeant(command: readonly string[]): boolean;
  /** Words to add where the command does not print JSON; undefined where it does. */
  missingWords(command: readonly string[]): string | undefined;
  openReader(start: CliStart): CliReader;
};

export type CliStart = {
  readonly command: readonly string[];
  /** Where it was started. */
  readonly cwd: string;
};

export type CliReader = {
  /** Where it works. */
  readonly cwd: string;
  /** One line of what it printed, in the words of ACP. */
  hear(line: Shape): readonly Spoken[];
  /** One line of what it was given on its stdin. */
  feed(text: string): readonly Spoken[];
};
