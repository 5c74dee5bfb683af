/** What a command is: its words for help and completion, and what it does. */
import type { SidecarOptions } from '../proxy/sidecar-options.ts';
import type { Io } from './io.ts';

export type Option = {
  /** Without dashes. */
  readonly name: string;
  /** The one letter that stands for it. */
  readonly short?: string;
  /** What its value is called; left out for one that is just given or not. */
  readonly value?: string;
  /** It may be given more than once; then each value counts, not the last. */
  readonly repeats?: boolean;
  readonly about: string;
  /** What a shell offers for its value: paths, ids, or one of these words. */
  readonly offers?: 'files' | 'folders' | IdKind | readonly string[];
};

/** Of sessions; of these and turns; of these and checkpoints. */
export const idKinds = ['sessions', 'ids', 'checkpoints'] as const;
export type IdKind = (typeof idKinds)[number];

export type Command = {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What comes after the options in its usage line, such as `<id>`. */
  readonly takes?: string;
  /** How many words it takes beside its options. */
  readonly words: { readonly min: number; readonly max: number };
  /** The words there are, where there are few. */
  readonly choices?: readonly string[];
  /** What else a shell offers for its words. */
  readonly offers?: 'files' | IdKind;
  /** What stands behind `--`. */
  readonly behind?: 'files' | 'program';
  readonly options: readonly Option[];
  readonly about: string;
  readonly examples: readonly (readonly [line: string, about: string])[];
  /** Besides 0 and those of every command. */
  readonly exits?: readonly (readonly [code: number, about: string])[];
  run(call: Call): Promise<number>;
};

/** What the program is wired with above this floor. */
export type Wiring = {
  /** Resolves with the exit code when the agent has left. */
  startSidecar(options: SidecarOptions): Promise<number>;
  /** Resolves with the exit code when the connection is over. */
  startServer(options: ServerOptions): Promise<number>;
};

export type ServerOptions = {
  readonly framing: 'content-length' | 'ndjson';
  readonly workspace: string | undefined;
  readonly bodyBytes: number;
  readonly timeLimitMs: number;
  readonly env: Io['env'];
  readonly command: readonly string[];
};

export type Call = {
  readonly io: Io;
  readonly wiring: Wiring;
  /** Every command there is, for those who speak of all of them. */
  readonly commands: readonly Listed[];
  readonly options: Readonly<Record<string, string | true | undefined>>;
  /** All values of the options that may be given more than once. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
  readonly words: readonly string[];
  /** What stands behind `--`. */
  readonly rest: readonly string[];
};

/** What a command is for, as far as the list of all tells. */
export type Group = 'record' | 'look' | 'back' | 'project' | 'care';

/** A line of the table: enough to list it, and how to get the rest. */
export type Listed = {
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
};

export const jsonOption: Option = {
  name: 'json',
  about: 'print what programs read, in one piece',
};

export const outsideLinksOption: Option = {
  name: 'outside-links',
  about: 'also make links again that lead out of the workspace, which is refused otherwise',
};

export const workspaceOption: Option = {
  name: 'workspace',
  value: 'DIR',
  about: 'any folder of the workspace, instead of the one you are in',
  offers: 'folders',
};
