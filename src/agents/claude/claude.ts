/** `claude -p --output-format stream-json`: what it prints, and how it is started. */

import {
  isShape,
  numberOf,
  readShape,
  type Shape,
  shapeOf,
  shapesOf,
  textOf,
} from '../../journal/json.ts';
import type { CliAgent, CliReader, CliStart } from '../cli-agent.ts';
import { contentOf, openSpeaker, outputOf, type Speaker, type Spoken } from '../speaker.ts';
import { findProgram, splitWords, wordsAfter } from '../split-words.ts';
import { openTaskList, type TaskList } from './task-list.ts';

const program =
  /(^|[\\/])claude(\.exe)?$|^@anthropic-ai\/claude-code(@.*)?$|claude-code[\\/]cli\.js$/;

const takes: ReadonlySet<string> = new Set([
  ...['--output-format', '--input-format', '--model', '--fallback-model', '--permission-mode'],
  ...['--mcp-config', '--append-system-prompt', '--system-prompt', '--session-id', '--settings'],
  ...['--agents', '--agent', '--max-turns', '--max-budget-usd', '--permission-prompt-tool'],
  ...['--setting-sources', '--plugin-dir', '--json-schema', '--resume', '-r', '--effort'],
  ...['--allowedTools', '--allowed-tools', '--disallowedTools', '--disallowed-tools', '--add-dir'],
]);

export const claude: CliAgent = {
  name: 'claude',
  isMeant: (command) => findProgram(command, program) !== -1,
  missingWords(command) {
    const { options } = splitWords(wordsAfter(command, program), takes);
    const isPrinting = options.has('-p') || options.has('--print');
    if (!isPrinting) return '-p --output-format stream-json --verbose';
    const isJson = options.get('--output-format') === 'stream-json';
    return isJson ? undefined : '--output-format stream-json --verbose';
  },
  openReader: openClaudeReader,
};

function openClaudeReader({ command, cwd }: CliStart): CliReader {
  const speaker = openSpeaker();
  const tasks = openTaskList();
  const words = wordsAfter(command, program);
  const { plain, options } = splitWords(words, takes);
  const isResumed = ['-r', '--resume', '-c', '--continue'].some((it) => options.has(it));
  const isFed = options.get('--input-format') === 'stream-json';
  const prompt = isFed ? undefined : findPrompt(words, plain);
  /** Prompts whose turn has not begun. */
  const waiting: string[] = [];
  const given: string[] = [];
  let session: string | undefined;
  let isWorking = false;
  let hasBegun = false;

  /** Told at the start, and of each further turn of the same session again. */
  function begin(line: Shape): Spoken[] {
    const id = textOf(line['session_id']);
    if (id === undefined) return [];
    const version = textOf(line['claude_code_version']);
    const greeting =
      session === undefined
        ? speaker.greet({ name: 'claude', title: 'Claude Code', ...(version && { version }) })
        : [];
    session = id;
    const [folder, model] = [textOf(line['cwd']) ?? cwd, textOf(line['model'])];
    return [
      ...greeting,
      ...speaker.open({ session: id, cwd: folder, model, isResumed }),
      ...next(),
    ];
  }

  function next(): Spoken[] {
    if (isWorking || session === undefined) return [];
    const text = isFed ? waiting.shift() : takeOnly();
    if (text === undefined) return [];
    isWorking = true;
    return speaker.prompt(text);
  }

  function takeOnly(): string | undefined {
    if (hasBegun) return undefined;
    hasBegun = true;
    return [prompt, ...given].filter(Boolean).join('\n');
  }

  function end(line: Shape): Spoken[] {
    isWorking = false;
    const cost = numberOf(line['total_cost_usd']);
    const costs =
      cost === undefined
        ? []
        : speaker.update({
            sessionUpdate: 'usage_update',
            cost: { amount: cost, currency: 'USD' },
          });
    return [...costs, ...endTurn(speaker, line), ...next()];
  }

  return {
    cwd,
    feed(text) {
      if (!isFed && given.length < givenLines) given.push(text);
      const message = isFed ? readShape(text) : undefined;
      if (message?.['type'] !== 'user') return [];
      waiting.push(textIn(shapeOf(message['message'])['content']));
      return next();
    },
    hear(line) {
      const { type } = line;
      if (type === 'system') return line['subtype'] === 'init' ? begin(line) : keep(speaker, line);
      if (type === 'assistant') return hearAssistant(speaker, line, tasks);
      if (type === 'user') return hearResults(speaker, line, tasks);
      if (type === 'result') return end(line);
      // Pieces of what comes as a whole later.
      return type === 'stream_event' ? [] : keep(speaker, line);
    },
  };
}

/** Of what was piped in, so much counts as the prompt. */
const givenLines = 500;

/** `-p "the prompt"`, or the last plain word: lists of tools may stand before it. */
function findPrompt(words: readonly string[], plain: readonly string[]): string | undefined {
  const after = words[words.findIndex((it) => it === '-p' || it === '--print') + 1];
  return after !== undefined && plain.includes(after) ? after : plain.at(-1);
}

function keep(speaker: Speaker, line: Shape): Spoken[] {
  const words = [line['type'], line['subtype']].filter((it) => typeof it === 'string');
  return speaker.keep(`_claude/${words.join('_') || 'line'}`, line);
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return shapesOf(content)
    .flatMap((it) => textOf(it['text']) ?? [])
    .join('\n');
}

function hearAssistant(speaker: Speaker, line: Shape, tasks: TaskList): Spoken[] {
  const message = shapeOf(line['message']);
  const parent = textOf(line['parent_tool_use_id']);
  return shapesOf(message['content']).flatMap((block) => {
    const messageId = textOf(message['id']);
    const id = messageId === undefined ? {} : { messageId };
    if (block['type'] === 'tool_use') {
      const [call, name] = [textOf(block['id']) ?? '', textOf(block['name']) ?? ''];
      tasks.ask(call, name, shapeOf(block['input']));
      return tellUse(speaker, block, parent);
    }
    const isThought = block['type'] === 'thinking';
    const text = textOf(isThought ? block['thinking'] : block['text']);
    if (text === undefined) return [];
    const sessionUpdate = isThought ? 'agent_thought_chunk' : 'agent_message_chunk';
    return speaker.update({ sessionUpdate, ...id, content: contentOf(text) });
  });
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['Read', 'read'],
  ['NotebookRead', 'read'],
  ['Edit', 'edit'],
  ['MultiEdit', 'edit'],
  ['Write', 'edit'],
  ['NotebookEdit', 'edit'],
  ['Bash', 'execute'],
  ['Grep', 'search'],
  ['Glob', 'search'],
  ['LS', 'search'],
  ['WebFetch', 'fetch'],
  ['WebSearch', 'fetch'],
  ['Task', 'think'],
  ['TodoWrite', 'think'],
]);

function tellUse(speaker: Speaker, block: Shape, parent: string | undefined): Spoken[] {
  const name = textOf(block['name']) ?? 'tool';
  const input = shapeOf(block['input']);
  const path = textOf(input['file_path']) ?? textOf(input['notebook_path']);
  const content = path === undefined ? [] : diffsOf(name, path, input);
  const call = speaker.update({
    sessionUpdate: 'tool_call',
    toolCallId: block['id'],
    name,
    kind: kinds.get(name) ?? 'other',
    title: textOf(input['command']) ?? (path === undefined ? name : `${name} ${path}`),
    status: 'in_progress',
    rawInput: input,
    ...(0 < content.length ? { content } : {}),
    _meta: { claudeCode: { toolName: name, ...(parent && { parentToolUseId: parent }) } },
  });
  const todos = name === 'TodoWrite' ? shapesOf(input['todos']) : [];
  if (todos.length === 0) return call;
  const entries = todos.map(({ content: text, status }) => ({ content: text, status }));
  return [...call, ...speaker.update({ sessionUpdate: 'plan', entries })];
}

function diffsOf(name: string, path: string, input: Shape): Shape[] {
  if (name === 'Write')
    return [{ type: 'diff', path, oldText: null, newText: textOf(input['content']) ?? '' }];
  const edits = name === 'MultiEdit' ? shapesOf(input['edits']) : name === 'Edit' ? [input] : [];
  return edits.map(({ old_string: oldText, new_string: newText }) => ({
    type: 'diff',
    path,
    oldText,
    newText,
  }));
}

/** What tools answered comes as a message of the user. */
function hearResults(speaker: Speaker, line: Shape, tasks: TaskList): Spoken[] {
  const toolResponse = line['tool_use_result'] ?? line['toolUseResult'];
  return shapesOf(shapeOf(line['message'])['content'])
    .filter((it) => it['type'] === 'tool_result')
    .flatMap((it) => {
      const isFailed = it['is_error'] === true;
      const text = textIn(it['content']);
      const told = speaker.update({
        sessionUpdate: 'tool_call_update',
        toolCallId: it['tool_use_id'],
        status: isFailed ? 'failed' : 'completed',
        content: [outputOf(text)],
        ...(isShape(toolResponse) ? { _meta: { claudeCode: { toolResponse } } } : {}),
      });
      const result = isFailed ? { success: false } : shapeOf(toolResponse);
      const entries = tasks.answer(textOf(it['tool_use_id']) ?? '', result, text);
      return entries === undefined
        ? told
        : [...told, ...speaker.update({ sessionUpdate: 'plan', entries })];
    });
}

const stops: ReadonlyMap<unknown, string> = new Map([
  ['success', 'end_turn'],
  ['error_max_turns', 'max_turn_requests'],
]);

function endTurn(speaker: Speaker, line: Shape): Spoken[] {
  const stopReason = stops.get(line['subtype']);
  if (stopReason === undefined || (line['is_error'] === true && stopReason === 'end_turn')) {
    const [first] = Array.isArray(line['errors']) ? line['errors'] : [];
    const why = textOf(line['result']) ?? textOf(first);
    return speaker.failTurn(why ?? textOf(line['subtype']) ?? 'failed');
  }
  const usage = shapeOf(line['usage']);
  const models = Object.keys(shapeOf(line['modelUsage'])).map((model) => ({ model }));
  return speaker.endTurn({
    stopReason,
    usage: {
      inputTokens: numberOf(usage['input_tokens']),
      outputTokens: numberOf(usage['output_tokens']),
      cachedReadTokens: numberOf(usage['cache_read_input_tokens']),
      cachedWriteTokens: numberOf(usage['cache_creation_input_tokens']),
    },
    ...(0 < models.length ? { _meta: { quota: { model_usage: models } } } : {}),
  });
}
