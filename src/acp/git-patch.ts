/** Reads a patch in git's format: which files, what is done to them, and the texts of each hunk. */

export type PatchedFile = {
  readonly path: string;
  readonly oldPath: string | undefined;
  readonly operation: 'add' | 'delete' | 'modify' | 'move' | 'copy';
  readonly hunks: readonly Hunk[];
};

export type Hunk = {
  readonly before: string;
  readonly after: string;
  readonly added: number;
  readonly removed: number;
};

type Headers = { -readonly [K in 'from' | 'to' | 'old' | 'now']?: string } & {
  operation: PatchedFile['operation'];
};

const hunkHeader = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const fileLimit = 1000;

export function readGitPatch(text: string): PatchedFile[] {
  const sections = text.split(/^(?=diff --git )/m).filter((it) => it.startsWith('diff --git '));
  return sections.slice(0, fileLimit).flatMap((it) => readFile(it.split('\n')) ?? []);
}

function readFile(lines: readonly string[]): PatchedFile | undefined {
  const first = lines.findIndex((it) => it.startsWith('@@'));
  const headers = readHeaders(first < 0 ? lines : lines.slice(0, first));
  const path = headers.to ?? (headers.now === '/dev/null' ? headers.old : headers.now);
  if (path === undefined) return undefined;
  return {
    path,
    oldPath: headers.from,
    operation: headers.operation,
    hunks: first < 0 ? [] : readHunks(lines.slice(first)),
  };
}

const headerLine =
  /^(rename from|rename to|copy from|copy to|---|\+\+\+|new file|deleted file) (.*)$/;

function readHeaders(lines: readonly string[]): Headers {
  const headers: Headers = { operation: 'modify' };
  for (const line of lines) {
    const [, word, rest] = headerLine.exec(line) ?? [];
    if (word !== undefined && rest !== undefined) takeHeader(headers, word, rest);
  }
  return headers;
}

function takeHeader(headers: Headers, word: string, rest: string): void {
  if (word === 'new file') headers.operation = 'add';
  else if (word === 'deleted file') headers.operation = 'delete';
  else if (word === '---') headers.old = nameOf(rest, 'a/');
  else if (word === '+++') headers.now = nameOf(rest, 'b/');
  else {
    headers.operation = word.startsWith('rename') ? 'move' : 'copy';
    headers[word.endsWith('from') ? 'from' : 'to'] = nameOf(rest, '');
  }
}

/** A name may be quoted as in C; one with a space has a tab behind it. */
function nameOf(rest: string, prefix: string): string {
  const raw = rest.replace(/\t.*$/, '').trimEnd();
  const name = raw.startsWith('"') ? unquote(raw) : raw;
  return prefix !== '' && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

function unquote(raw: string): string {
  const inner = raw.replace(/^"|"$/g, '');
  return inner.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
}

function readHunks(lines: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  while (at < lines.length) {
    const header = hunkHeader.exec(lines[at] ?? '');
    at += 1;
    if (header === null) continue;
    const body = readBody(lines, at, Number(header[1] ?? 1) + Number(header[2] ?? 1));
    hunks.push(body.hunk);
    at = body.next;
  }
  return hunks;
}

/** Reads the lines that the header counted (a context line counts on both sides). */
function readBody(
  lines: readonly string[],
  start: number,
  count: number,
): { hunk: Hunk; next: number } {
  const before: string[] = [];
  const after: string[] = [];
  let kept = 0;
  let at = start;
  const isBody = (line: string) => before.length + after.length < count || line.startsWith('\\');
  for (; at < lines.length && isBody(lines[at] as string); at += 1) {
    const line = lines[at] as string;
    const mark = line[0];
    if (mark === '\\') trimNewline(lines[at - 1]?.[0], before, after);
    else {
      if (mark !== '+') before.push(`${line.slice(1)}\n`);
      if (mark !== '-') after.push(`${line.slice(1)}\n`);
      if (mark !== '+' && mark !== '-') kept += 1;
    }
  }
  const added = after.length - kept;
  const removed = before.length - kept;
  return { hunk: { before: before.join(''), after: after.join(''), added, removed }, next: at };
}

/** `\ No newline at end of file` speaks about the line before it. */
function trimNewline(mark: string | undefined, before: string[], after: string[]): void {
  if (mark !== '+') trimLast(before);
  if (mark !== '-') trimLast(after);
}

function trimLast(lines: string[]): void {
  const last = lines.pop();
  if (last !== undefined) lines.push(last.replace(/\n$/, ''));
}
