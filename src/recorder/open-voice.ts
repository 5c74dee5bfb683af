/** What the recorder says to the person: of a trouble its cause, once, and not all that follows from it. */
import { Failure } from '../errors.ts';

export type Voice = {
  say(text: string): void;
  /** The state cannot be written, and more will fail by the same cause. */
  trouble(text: string): void;
  /** It can be written again. */
  relief(text: string): void;
  /** Something beside the recording failed. Said a little later, unless there is a trouble that explains it. */
  aside(text: string): void;
  complain(doing: string, error: unknown): void;
  /** The same of what is done beside the recording. */
  complainAside(doing: string, error: unknown): void;
  /** Says what was held back. */
  close(): void;
};

/** Long enough that what fails by the same cause has failed by then. */
const patienceMs = 3_000;

export function openVoice(tell: (text: string) => void): Voice {
  let hasTrouble = false;
  let held: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  function sayHeld(): void {
    clearTimeout(timer);
    timer = undefined;
    const texts = held;
    held = [];
    for (const text of texts) tell(text);
  }

  function aside(text: string): void {
    if (hasTrouble) return;
    held.push(text);
    timer ??= setTimeout(sayHeld, patienceMs).unref();
  }

  return {
    say: tell,
    trouble(text) {
      hasTrouble = true;
      held = [];
      tell(text);
    },
    relief(text) {
      hasTrouble = false;
      tell(text);
    },
    aside,
    complain(doing, error) {
      // That the disk refuses was said when it began to.
      const isSaid = error instanceof Failure && error.code === 'recording-stopped';
      if (!isSaid) tell(`${doing} failed: ${describeTrouble(error)}`);
    },
    complainAside: (doing, error) => aside(`${doing} failed: ${describeTrouble(error)}`),
    close: sayHeld,
  };
}

export function describeTrouble(error: unknown): string {
  if (error instanceof Failure && error.hint !== undefined)
    return `${error.message} (${error.hint})`;
  return error instanceof Error ? error.message : String(error);
}
