/** The lower part of a terminal that is drawn again and again, and what is printed above it for good. */

export type LiveScreen = {
  /** For good, above what is drawn. */
  print(lines: readonly string[]): void;
  /** In place of what was drawn before; none of them wraps. */
  draw(lines: readonly string[]): void;
  /** What was drawn stays; the cursor is as it was. */
  close(): void;
};

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const eraseBelow = '\x1b[J';
const eraseRest = '\x1b[K';

export function openLiveScreen(write: (text: string) => void): LiveScreen {
  let drawn = 0;
  let isHidden = false;

  /** All in one piece, so that nothing is seen half drawn. */
  function show(fixed: readonly string[], live: readonly string[]): void {
    const up = drawn === 0 ? '' : `\x1b[${drawn}A`;
    const lines = [...fixed, ...live].map((it) => `${it}${eraseRest}\n`);
    write(`${isHidden ? '' : hideCursor}\r${up}${lines.join('')}${eraseBelow}`);
    isHidden = true;
    drawn = live.length;
  }

  return {
    print: (lines) => show(lines, []),
    draw: (lines) => show([], lines),
    close() {
      if (isHidden) write(showCursor);
      isHidden = false;
      drawn = 0;
    },
  };
}
