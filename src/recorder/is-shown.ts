/** Whether a text is what an editor shows of a file: with line ends, a mark or an encoding of its own, and all the same. */

export function isShown(text: string, bytes: Buffer): boolean {
  const shown = strip(text);
  return shown === strip(bytes.toString('utf8')) || shown === strip(bytes.toString('latin1'));
}

function strip(text: string): string {
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}
