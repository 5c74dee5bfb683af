/** Makes strings that others wrote safe to print: nothing in them moves, colours, hides or reorders text. */

/**
 * Control characters, marks that change the direction of text, and what has no width: all can make a
 * terminal show something else than what is there. Line breaks and tabs are dealt with before.
 */
const hidden =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\u00ad\u200b\u200c\u2028\u2029\u2060-\u206f\ufeff\ufff0-\ufffb\u{e0000}-\u{e0fff}]|[\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0]/gu;

/** JSON has words for the other control characters, and its own line breaks. */
const notOfJson = new RegExp(`(?!\\n)(?:${hidden.source})`, 'gu');

/** Joins emoji into one; anywhere else it only hides. */
const looseJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/gu;

/** On one line. */
export function showLine(text: string): string {
  return spell(text.replace(/\s*[\r\n]+\s*/g, ' ⏎ ').replaceAll('\t', ' '));
}

/** With its line breaks. */
export function showBlock(text: string): string {
  return text
    .split(/\r?\n/)
    .map((it) => spell(it.replaceAll('\t', '    ')))
    .join('\n');
}

/** The same value for programs, and nothing in it that a terminal could take for more than text. */
export function showJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(notOfJson, (sign) =>
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function spell(text: string): string {
  return text.replace(hidden, spellOut).replace(looseJoiner, spellOut);
}

function spellOut(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}
