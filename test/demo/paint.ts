/** Colour, where a person looks on; plain text everywhere else. */
const isWanted =
  process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

const code = (open: number, close: number) => (text: string) =>
  isWanted ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export const bold = code(1, 22);
export const faint = code(2, 22);
export const green = code(32, 39);
export const cyan = code(36, 39);

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function sayHeading(text: string): void {
  say(`\n${bold(text)}`);
}
