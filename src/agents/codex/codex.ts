/** `codex exec --json`: what it prints, and how it is started. */

import { numberOf, type Shape, shapeOf, shapesOf, textOf } from '../../journal/json.ts';
import type { CliAgent, CliReader, CliStart } from '../cli-agent.ts';
import { contentOf, openSpeaker, type Speaker, type Spoken } from '../speaker.ts';
import { findProgram, joinPath, splitWords, wordsAfter } from '../split-words.ts';

const program = /(^|[\\/])codex(\.js|\.exe)?$|^@openai\/codex(@.*)?$/;

/** Options that take a word. */
const takes: ReadonlySet<string> = new Set([
  ...[
    '-c',
    '--config',
    '--enable',
    '--disable',
    '-i',
    '--image',
    '-m',
    '--model',
    '-p',
    '--profile',
  ],
  ...['-s', '--sandbox', '-C', '--cd', '--add-dir', '--color', '-o', '--output-last-message'],
  ...['--output-schema', '--local-provider', '--thread-source', '--cyber-access-program'],
  ...['-a', '--ask-for-approval'],
]);

export const codex: CliAgent = {
  name: 'codex',
  isMeant: (command) => findProgram(command, program) !== -1,
  missingWords(command) {
    const { deed, options } = splitCommand(command);
    if (deed === undefined) return 'exec --json';
    return options.has('--json') || options.has('--experimental-json') ? undefined : '--json';
  },
  openReader: openCodexReader,
};

function openCodexReader(start: CliStart): CliReader {
  const speaker = openSpeaker();
  const told = readCommand(start);
  const given: string[] = [];
  let hasFailed: string | undefined;

  function begin(line: Shape): Spoken[] {
    const session = textOf(line['thread_id']);
    if (session === undefined) return [];
    const { cwd, isResumed, model } = told;
    return [
      ...speaker.greet({ name: 'codex', title: 'Codex' }),
      ...speaker.open({ session, cwd, model, isResumed }),
    ];
  }

  /** Where the prompt is no argument, or besides one, stdin is read to its end first. */
  function promptText(): string {
    const stdin = given.join('\n');
    if (told.prompt === undefined) return stdin;
    return stdin === '' ? told.prompt : `${told.prompt}\n\n<stdin>\n${stdin}\n</stdin>`;
  }

  return {
    cwd: told.cwd,
    feed(text) {
      if (given.length < givenLines) given.push(text);
      return [];
    },
    hear(line) {
      const { type } = line;
      if (type === 'thread.started') return begin(line);
      if (type === 'turn.started') return speaker.prompt(promptText());
      if (type === 'turn.completed') return speaker.endTurn(tellEnd(shapeOf(line['usage'])));
      if (type === 'turn.failed')
        return speaker.failTurn(textOf(shapeOf(line['error'])['message']) ?? hasFailed ?? 'failed');
      if (type === 'error') {
        hasFailed = textOf(line['message']);
        return speaker.keep('_codex/error', line);
      }
      if (type === 'item.started' || type === 'item.updated' || type === 'item.completed')
        return hearItem(speaker, type, shapeOf(line['item']), told.cwd);
      return speaker.keep(`_codex/${textOf(type) ?? 'line'}`, line);
    },
  };
}

/** Of what was piped in, so much counts as the prompt. */
const givenLines = 500;

/** `deed`: the plain words behind `exec`. Under a name that nobody knows, others may stand before it. */
function splitCommand(command: readonly string[]) {
  const { plain, options } = splitWords(wordsAfter(command, program), takes);
  const at = plain.findIndex((it) => it === 'exec' || it === 'e');
  const isKnown = findProgram(command, program) !== -1;
  const isExec = isKnown ? at === 0 : at !== -1;
  return { deed: isExec ? plain.slice(at + 1) : undefined, options };
}

function readCommand({ command, cwd }: CliStart) {
  const { deed = [], options } = splitCommand(command);
  const isResumed = deed[0] === 'resume';
  const named = isResumed && !options.has('--last') ? 2 : 1;
  // `resume [SESSION] [PROMPT]`; with --last there is no session to name.
  const prompts = isResumed ? deed.slice(named) : deed;
  const prompt = prompts.at(-1);
  const folder = options.get('-C') ?? options.get('--cd');
  const model = options.get('-m') ?? options.get('--model');
  return {
    isResumed,
    prompt: prompt === '-' ? undefined : prompt,
    cwd: typeof folder === 'string' ? joinPath(cwd, folder) : cwd,
    model: typeof model === 'string' ? model : undefined,
  };
}

function tellEnd(usage: Shape): Shape {
  return {
    stopReason: 'end_turn',
    usage: {
      inputTokens: numberOf(usage['input_tokens']),
      cachedReadTokens: numberOf(usage['cached_input_tokens']),
      cachedWriteTokens: numberOf(usage['cache_write_input_tokens']),
      outputTokens: numberOf(usage['output_tokens']),
      thoughtTokens: numberOf(usage['reasoning_output_tokens']),
    },
  };
}

function hearItem(speaker: Speaker, moment: string, item: Shape, cwd: string): Spoken[] {
  const text = textOf(item['text']);
  switch (item['type']) {
    case 'agent_message':
      return say(speaker, 'agent_message_chunk', item, text);
    case 'reasoning':
      return say(speaker, 'agent_thought_chunk', item, text);
    case 'todo_list':
      return speaker.update({
        sessionUpdate: 'plan',
        entries: shapesOf(item['items']).map(entryOf),
      });
    case 'error':
      return speaker.keep('_codex/error', item);
    default:
      return tellCall(speaker, moment, item, cwd);
  }
}

function say(speaker: Speaker, sessionUpdate: string, item: Shape, text = ''): Spoken[] {
  return speaker.update({ sessionUpdate, messageId: item['id'], content: contentOf(text) });
}

function entryOf(item: Shape): Shape {
  const status = item['completed'] === true ? 'completed' : 'pending';
  return { content: textOf(item['text']) ?? '', status };
}

function tellCall(speaker: Speaker, moment: string, item: Shape, cwd: string): Spoken[] {
  const ended = moment === 'item.completed';
  // Of a command, `failed` means an exit code; it has run all the same, as it does in the other doors.
  const status = ended ? statusOf(item['status']) : 'in_progress';
  const call = { toolCallId: item['id'], status, ...aboutItem(item, cwd) };
  return speaker.update({
    sessionUpdate: moment === 'item.started' ? 'tool_call' : 'tool_call_update',
    ...call,
  });
}

function statusOf(status: unknown): string {
  return status === 'failed' || status === 'declined' ? 'failed' : 'completed';
}

function aboutItem(item: Shape, cwd: string): Shape {
  const type = textOf(item['type']) ?? 'item';
  if (type === 'command_execution') return aboutCommand(item, cwd);
  if (type === 'file_change') return aboutChange(item, cwd);
  if (type === 'web_search') return { kind: 'fetch', name: type, title: textOf(item['query']) };
  if (type === 'mcp_tool_call') {
    const title = [item['server'], item['tool']].filter((it) => typeof it === 'string').join('.');
    return { kind: 'other', name: type, title, rawInput: item['arguments'] };
  }
  return { kind: 'other', name: type, title: type };
}

function aboutCommand(item: Shape, cwd: string): Shape {
  const command = textOf(item['command']) ?? '';
  const exitCode = numberOf(item['exit_code']);
  const output = textOf(item['aggregated_output']) ?? '';
  return {
    kind: 'execute',
    name: 'command_execution',
    title: command,
    rawInput: { command, cwd },
    ...(exitCode === undefined
      ? {}
      : { rawOutput: { aggregated_output: output, exit_code: exitCode } }),
  };
}

const operations: ReadonlyMap<unknown, string> = new Map([
  ['add', 'add'],
  ['delete', 'delete'],
  ['update', 'modify'],
]);

/** Of a moved file, only the place that it left is told. */
function aboutChange(item: Shape, cwd: string): Shape {
  const changes = shapesOf(item['changes']).flatMap((it) => {
    const path = textOf(it['path']);
    const operation = operations.get(it['kind']) ?? 'write';
    return path === undefined ? [] : [{ operation, path: joinPath(cwd, path) }];
  });
  const names = changes.map((it) => it.path.split('/').at(-1)).join(', ');
  const content = [{ type: 'diff', changes }];
  return { kind: 'edit', name: 'file_change', title: `Edit ${names}`, content };
}
