/** Reads git's config text far enough to know whether git changes bytes on their way into a repository. */

export type GitConfig = {
  get(key: string): string | undefined;
  has(prefix: string): boolean;
  /** Paths of `include` and conditional includes, as written. */
  readonly includes: readonly string[];
};

export function readGitConfig(texts: readonly string[]): GitConfig {
  const values = new Map<string, string>();
  const includes: string[] = [];
  for (const text of texts) readInto(text, values, includes);
  return {
    get: (key) => values.get(key),
    has: (prefix) => [...values.keys()].some((key) => key.startsWith(prefix)),
    includes,
  };
}

function readInto(text: string, values: Map<string, string>, includes: string[]): void {
  let section = '';
  for (const line of text.replaceAll('\\\n', '').split('\n')) {
    const head = sectionHead.exec(line);
    if (head) section = nameSection(head);
    const pair = keyAndValue.exec(head ? line.slice(head[0].length) : line);
    if (!pair) continue;
    const key = `${section}.${(pair[1] ?? '').toLowerCase()}`;
    const value = readValue(pair[2] ?? 'true');
    if (/^include(?:if\..*)?\.path$/i.test(key)) includes.push(value);
    else values.set(key, value);
  }
}

const sectionHead = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/;
const keyAndValue = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*?))?\s*$/;

function nameSection(head: RegExpExecArray): string {
  return (head[1] ?? '').toLowerCase() + (head[2] === undefined ? '' : `.${head[2]}`);
}

function readValue(text: string): string {
  let value = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '#' || character === ';')) break;
    else if (character === '\\') {
      at += 1;
      value += text[at] ?? '';
    } else value += character;
  }
  return isQuoted ? value : value.trimEnd();
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|[1-9]\d*)$/i.test(value);
}
