/** Writes a text as YAML, in the manner of what stood there. */

export type Manner = {
  /** As the `yaml` package calls it. */
  readonly type?: string | null | undefined;
  /** Inside brackets or braces. */
  readonly inFlow: boolean;
  /** Something stands behind it in its line. */
  readonly inLine?: boolean;
  /** Of the lines of a text with several; these are possible only outside of brackets. */
  readonly indent: string;
  readonly newline: string;
};

export function writeScalar(text: string, manner: Manner): string {
  const { type, inFlow, inLine = inFlow, indent, newline } = manner;
  if (!inLine && isBlock(text)) return writeBlock(text, indent, newline);
  if (type === 'QUOTE_SINGLE' && !hidden.test(text)) return `'${text.replaceAll("'", "''")}'`;
  if (type !== 'QUOTE_DOUBLE' && isPlain(text)) return text;
  return JSON.stringify(text).replace(
    hiddenInQuotes,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const hidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff]/u;
const hiddenInQuotes = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/** Begins with a letter or digit, and nothing in it can be taken for YAML, in brackets or outside. */
const plain = /^[\p{L}\p{N}/][\p{L}\p{N}\p{M} _.,;!?'"()/+=@%&*<>$^~|:#-]*$/u;
const notPlain = /: |:$| #|,| $|[\t\n]/;
/** Reads as a number, a truth, nothing or a moment, to us or to an older reader. */
const otherwise =
  /^(?:[-+]?(?:[\d_]+\.?[\d_]*|\.\d[\d_]*)(?:e[-+]?\d+)?|0[xob][\da-f_]+|\d[\d_]*(?::\d+)+|true|false|yes|no|on|off|y|n|null)$/i;
const dateLike = /^\d{4}-\d\d?-\d\d?/;

function isPlain(text: string): boolean {
  if (!plain.test(text) || notPlain.test(text)) return false;
  // A moment is text in today's YAML, and everybody writes it so.
  return !otherwise.test(text) && (!dateLike.test(text) || moment.test(text));
}
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Several lines, that a block can hold as they are. */
function isBlock(text: string): boolean {
  return /[^\n]\n/.test(text) && !/^[ \n]|[^\n\P{Cc}]|[\p{Cs}\p{Zl}\p{Zp}\ufeff]/u.test(text);
}

function writeBlock(text: string, indent: string, newline: string): string {
  const ends = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomp = ['-', ''][ends] ?? '+';
  const body = text.slice(0, text.length - ends).split('\n');
  const lines = body.map((it) => (it === '' ? '' : indent + it));
  return [`|${chomp}`, ...lines, ...Array<string>(Math.max(0, ends - 1)).fill('')].join(newline);
}
