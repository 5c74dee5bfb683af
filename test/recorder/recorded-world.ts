/** Plays a recorded conversation in a real folder: what its agent and its editor did to files is done again. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mergeInverse } from '../../src/undo/merge-lines.ts';
import { git } from '../git.ts';
import type { GatedTalk, Side } from './gated-talk.ts';

type Fields = { readonly [name: string]: unknown };
type Message = {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
};
/** Without `after`, the file goes. */
type Shown = {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

export type Moment = {
  /** The line that comes next, with the folder's real name in it. */
  readonly from: Side;
  readonly message: Message;
};

export type PlayOptions = {
  /** What somebody else does just before a line. */
  readonly meddle?: (moment: Moment) => void;
  /** When what the line tells of has happened to the files, and the line was not said yet. */
  readonly between?: (moment: Moment) => void;
};

export type Played = {
  /** The gates that did not let pass, in order. */
  readonly stopped: readonly {
    readonly gate: string;
    readonly verdict: string;
    readonly line: string;
  }[];
};

const folder = resolve(import.meta.dirname, '../acp/cases');

/** As the recordings were made in. */
export function makeDemo(root: string): void {
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'README.md'), '# demo\n\nhello world\n');
  const math =
    'export function add(a, b) {\n  return a + b;\n}\n\nexport function sub(a, b) {\n  return a - b;\n}\n';
  writeFileSync(join(root, 'src/math.js'), math);
  writeFileSync(join(root, 'src/old.txt'), 'delete me\n');
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'init');
}

/** Commands that are safe to run again, and quick. */
const quick = /^(?!.*\bsleep\b)(sed|echo|rm|touch|cat|git diff)\b/;

export async function playRecording(
  name: string,
  root: string,
  talk: GatedTalk,
  { meddle = () => undefined, between = () => undefined }: PlayOptions = {},
): Promise<Played> {
  const stopped: Played['stopped'][number][] = [];
  const world = openWorld(root);
  for (const { from, line } of readLines(name, root)) {
    const message = JSON.parse(line) as Message;
    await talk.rest();
    meddle({ from, message });
    const said = world.before(from, message, line);
    between({ from, message });
    const verdict = await talk.say(from, said);
    if (verdict !== undefined && verdict.kind !== 'pass') {
      stopped.push({ gate: message.method ?? 'answer', verdict: verdict.kind, line: said });
      break;
    }
    world.after(from, message);
  }
  await talk.settle();
  return { stopped };
}

function readLines(name: string, root: string): { from: Side; line: string }[] {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const all = lines
    .map((it) => JSON.parse(it) as { dir: string; raw?: string })
    .filter(({ dir, raw }) => (dir === 'c2a' || dir === 'a2c') && raw !== undefined);
  const cwd = all.map(({ raw }) => /"cwd":"([^"]+)"/.exec(raw ?? '')?.[1]).find((it) => it) ?? '/';
  return all
    .filter(({ raw }) => raw?.startsWith('{'))
    .map(({ dir, raw = '' }) => ({
      from: dir === 'c2a' ? 'editor' : 'agent',
      line: raw.replaceAll(cwd, root),
    }));
}

/** The disk, and what the two sides know of each other's requests. */
function openWorld(root: string) {
  const asked = new Map<string, { readonly method: string; readonly params: Fields }>();
  /** What the recording read of a file, and what it is in truth. */
  const reads = new Map<string, { readonly recorded: string; readonly found: string }>();
  const shown = new Map<string, Shown[]>();
  const commands = new Map<string, string>();
  const allowed = new Set<string>();
  let agent = '';

  function callOf(message: Message): Fields | undefined {
    const update = message.params?.['update'] as Fields | undefined;
    const call = update ?? (message.params?.['toolCall'] as Fields | undefined);
    return typeof call?.['toolCallId'] === 'string' ? call : undefined;
  }

  function learn(message: Message): void {
    const call = callOf(message);
    const id = String(call?.['toolCallId']);
    const input = call?.['rawInput'] as Fields | undefined;
    const command =
      input?.['command'] ?? (call?.['kind'] === 'execute' ? call['title'] : undefined);
    if (typeof command === 'string' && quick.test(command))
      commands.set(id, command.replace(/ \(.*\)$/, ''));
    const edits = listShown(call ?? {});
    if (edits.length > 0 && !shown.has(id)) shown.set(id, edits);
  }

  /** A text for a file that was made from what the recording had read, made from what is there. */
  function rebase(path: string, text: string): string {
    const read = reads.get(path);
    if (read === undefined || read.recorded === read.found) return text;
    const merge = mergeInverse({ before: text, after: read.recorded, now: read.found });
    return merge.kind === 'merged' ? merge.text : text;
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** As agents do that look at the file again: the part is replaced where it is. */
  function patch({ path, before, after }: Shown): void {
    const now = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (after === undefined) rmSync(path, { force: true });
    else if (before === undefined || before === '') write(path, after);
    else if (now.includes(before))
      write(
        path,
        now.replace(before, () => after),
      );
    else {
      const merge = mergeInverse({ before: after, after: before, now });
      if (merge.kind === 'merged') write(path, merge.text);
    }
  }

  function finish(call: Fields): void {
    const id = String(call['toolCallId']);
    const command = commands.get(id);
    if (call['status'] !== 'completed') return;
    if (command !== undefined) execFileSync('sh', ['-c', command], { cwd: root });
    commands.delete(id);
    // Through the editor it was written already.
    const writesHere = !['gemini-cli', 'qwen-code'].includes(agent) || reads.size === 0;
    if (writesHere && !allowed.has(id)) for (const it of shown.get(id) ?? []) patch(it);
    shown.set(id, []);
  }

  return {
    /** Before the line is said; answers with the line, as it is in this world. */
    before(from: Side, message: Message, line: string): string {
      if (from === 'agent') {
        learn(message);
        const call = callOf(message);
        if (message.method === 'session/update' && call !== undefined) finish(call);
      }
      const { method, id, params = {} } = message;
      const info = (message.result?.['agentInfo'] ?? {}) as Fields;
      if (typeof info['name'] === 'string') agent = info['name'];
      if (from === 'agent' && method !== undefined && id !== undefined)
        asked.set(JSON.stringify(id), { method, params });
      if (from === 'agent' && method === 'fs/write_text_file') {
        const content = rebase(String(params['path']), String(params['content']));
        return JSON.stringify({ ...message, params: { ...params, content } });
      }
      if (from !== 'editor' || method !== undefined) return line;
      return answer(message, line);
    },
    after(from: Side, message: Message): void {
      if (from !== 'editor' || message.method !== undefined) return;
      const request = asked.get(JSON.stringify(message.id));
      asked.delete(JSON.stringify(message.id));
      const call = request?.params['toolCall'] as Fields | undefined;
      const chosen = JSON.stringify(message.result ?? {});
      if (request?.method !== 'session/request_permission' || call === undefined) return;
      if (!/once|always|allow|proceed/.test(chosen) || agent !== 'OpenCode') return;
      // It writes what it showed, at once.
      const id = String(call['toolCallId']);
      allowed.add(id);
      for (const { path, after = '' } of shown.get(id) ?? []) write(path, after);
    },
  };

  function answer(message: Message, line: string): string {
    const request = asked.get(JSON.stringify(message.id));
    const path = String(request?.params['path']);
    if (request?.method === 'fs/read_text_file' && message.result !== undefined) {
      const recorded = String(message.result['content']);
      const found = existsSync(path) ? readFileSync(path, 'utf8') : recorded;
      reads.set(path, { recorded, found });
      return JSON.stringify({ ...message, result: { ...message.result, content: found } });
    }
    if (request?.method === 'fs/write_text_file' && message.result !== undefined)
      write(path, rebase(path, String(request.params['content'])));
    return line;
  }
}

/** What a tool call shows that it will do to files: in v1 as texts, in v2 as git's patches. */
function listShown(call: Fields): Shown[] {
  const content = (call['content'] ?? []) as Fields[];
  const edits = content.filter((it) => it['type'] === 'diff').flatMap(readDiff);
  const { filePath, content: whole } = (call['rawInput'] ?? {}) as Fields;
  const isWhole = edits.length === 0 && typeof filePath === 'string' && typeof whole === 'string';
  return isWhole ? [{ path: filePath, before: undefined, after: whole }] : edits;
}

function readDiff({ path, oldText, newText, patch, _meta }: Fields): Shown[] {
  if (typeof newText === 'string') {
    const before = typeof oldText === 'string' ? oldText : undefined;
    const isGone = (_meta as Fields | undefined)?.['kind'] === 'delete';
    return [{ path: String(path), before, after: isGone ? undefined : newText }];
  }
  const { text } = (patch ?? {}) as Fields;
  return typeof text === 'string' ? readHunks(text) : [];
}

function readHunks(patch: string): Shown[] {
  const [, path = ''] = /^--- (.*)$/m.exec(patch) ?? [];
  const isGone = patch.includes('\n+++ /dev/null\n');
  return patch
    .split(/^@@.*\n/m)
    .slice(1)
    .map((hunk) => {
      const side = (signs: string) =>
        hunk
          .split('\n')
          .filter((it) => it !== '' && signs.includes(it.charAt(0)))
          .map((it) => `${it.slice(1)}\n`)
          .join('');
      return { path, before: side(' -'), after: isGone ? undefined : side(' +') };
    });
}
