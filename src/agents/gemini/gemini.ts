/** `gemini --output-format stream-json`: what it prints, and how it is started. */

import { numberOf, type Shape, shapeOf, textOf } from '../../journal/json.ts';
import type { CliAgent, CliReader, CliStart } from '../cli-agent.ts';
import { contentOf, openSpeaker, outputOf, type Spoken } from '../speaker.ts';
import { findProgram, joinPath, splitWords, wordsAfter } from '../split-words.ts';

const program = /(^|[\\/])gemini(\.js|\.exe)?$|^@google\/gemini-cli(@.*)?$/;

const takes: ReadonlySet<string> = new Set([
  ...['-m', '--model', '-p', '--prompt', '-i', '--prompt-interactive', '-o', '--output-format'],
  ...['--approval-mode', '-e', '--extensions', '--include-directories', '-r', '--resume'],
  ...['--allowed-tools', '--allowed-mcp-server-names', '--policy', '--session-id'],
]);

export const gemini: CliAgent = {
  name: 'gemini',
  isMeant: (command) => findProgram(command, program) !== -1,
  missingWords(command) {
    const { options } = splitWords(wordsAfter(command, program), takes);
    const format = options.get('--output-format') ?? options.get('-o');
    return format === 'stream-json' ? undefined : '--output-format stream-json';
  },
  openReader: openGeminiReader,
};

const kinds: ReadonlyMap<string, string> = new Map([
  ['read_file', 'read'],
  ['read_many_files', 'read'],
  ['replace', 'edit'],
  ['write_file', 'edit'],
  ['run_shell_command', 'execute'],
  ['list_directory', 'search'],
  ['glob', 'search'],
  ['search_file_content', 'search'],
  ['grep_search', 'search'],
  ['web_fetch', 'fetch'],
  ['google_web_search', 'fetch'],
]);

function openGeminiReader({ command, cwd }: CliStart): CliReader {
  const speaker = openSpeaker();
  const { options } = splitWords(wordsAfter(command, program), takes);
  const isResumed = options.has('-r') || options.has('--resume');

  function begin(line: Shape): Spoken[] {
    const session = textOf(line['session_id']);
    if (session === undefined) return [];
    return [
      ...speaker.greet({ name: 'gemini', title: 'Gemini CLI' }),
      ...speaker.open({ session, cwd, model: textOf(line['model']), isResumed }),
    ];
  }

  function hearMessage(line: Shape): Spoken[] {
    const text = textOf(line['content']) ?? '';
    if (line['role'] === 'user') return speaker.prompt(text);
    return speaker.update({ sessionUpdate: 'agent_message_chunk', content: contentOf(text) });
  }

  function hearUse(line: Shape): Spoken[] {
    const name = textOf(line['tool_name']) ?? 'tool';
    const input = withWholePaths(shapeOf(line['parameters']), cwd);
    const kind = kinds.get(name) ?? 'other';
    const path = textOf(input['file_path']);
    return speaker.update({
      sessionUpdate: 'tool_call',
      toolCallId: line['tool_id'],
      name,
      kind,
      title: textOf(input['command']) ?? (path === undefined ? name : `${name} ${path}`),
      status: 'in_progress',
      rawInput: kind === 'execute' ? { ...input, cwd: textOf(input['dir_path']) ?? cwd } : input,
      ...(name === 'replace' && path !== undefined ? { content: [diffOf(path, input)] } : {}),
    });
  }

  function hearResult(line: Shape): Spoken[] {
    const output = textOf(line['output']) ?? textOf(shapeOf(line['error'])['message']);
    return speaker.update({
      sessionUpdate: 'tool_call_update',
      toolCallId: line['tool_id'],
      status: line['status'] === 'success' ? 'completed' : 'failed',
      ...(output === undefined ? {} : { content: [outputOf(output)] }),
    });
  }

  function hearEnd(line: Shape): Spoken[] {
    if (line['status'] !== 'success')
      return speaker.failTurn(textOf(shapeOf(line['error'])['message']) ?? 'failed');
    const stats = shapeOf(line['stats']);
    const models = Object.keys(shapeOf(stats['models'])).map((model) => ({ model }));
    return speaker.endTurn({
      stopReason: 'end_turn',
      usage: {
        totalTokens: numberOf(stats['total_tokens']),
        inputTokens: numberOf(stats['input_tokens']),
        outputTokens: numberOf(stats['output_tokens']),
        cachedReadTokens: numberOf(stats['cached']),
      },
      _meta: { quota: { model_usage: models } },
    });
  }

  return {
    cwd,
    // The prompt comes back as the first message.
    feed: () => [],
    hear(line) {
      const { type } = line;
      if (type === 'init') return begin(line);
      if (type === 'message') return hearMessage(line);
      if (type === 'tool_use') return hearUse(line);
      if (type === 'tool_result') return hearResult(line);
      if (type === 'result') return hearEnd(line);
      return speaker.keep(`_gemini/${textOf(type) ?? 'line'}`, line);
    },
  };
}

function diffOf(path: string, input: Shape): Shape {
  return { type: 'diff', path, oldText: input['old_string'], newText: input['new_string'] };
}

/** Its tools take paths from where it was started. */
function withWholePaths(input: Shape, cwd: string): Shape {
  const whole: Record<string, unknown> = { ...input };
  for (const name of ['file_path', 'path', 'dir_path', 'absolute_path']) {
    const path = textOf(input[name]);
    if (path !== undefined) whole[name] = joinPath(cwd, path);
  }
  return whole;
}
