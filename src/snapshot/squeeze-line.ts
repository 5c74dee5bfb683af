/** What of a line is more than its looks. */

/** What a formatter leaves as it was: no spaces, one kind of quotes, no comma or semicolon at the end. */
export function squeezeLine(line: string): string {
  return line
    .replace(/\s+/g, '')
    .replace(/['`]/g, '"')
    .replace(/[,;]+$/, '');
}
