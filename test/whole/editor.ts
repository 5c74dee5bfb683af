/** A plain editor on the other side of the sidecar: sends messages, and waits for lines with a deadline. */
import type { Running } from './stage.ts';
import { until } from './until.ts';

type Message = {
  jsonrpc: '2.0';
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
};

export type Editor = {
  /** Sends a message whose id is given as it shall be on the wire. */
  ask(rawId: string, method: string, params?: object): void;
  say(text: string): void;
  /** The text of the answer to that id, waited for. */
  answer(rawId: string): Promise<Message>;
  lines(): readonly string[];
  /** Ends its output: nothing more will come. */
  leave(): void;
  /** Greets the agent and opens a session; resolves with the session's id. */
  greet(capabilities?: object): Promise<string>;
};

export function openEditor(running: Running, cwd: string): Editor {
  let text = '';
  running.process.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const lines = () => text.split('\n').slice(0, -1);
  const write = (line: string) => running.process.stdin.write(`${line}\n`);

  const describe = () => {
    const { exitCode, signalCode } = running.process;
    const end = running.isOver() ? `ended with ${signalCode ?? exitCode}` : 'still running';
    return `${end}; said last: ${text.slice(-500)}; on stderr: ${running.stderr().slice(-500)}`;
  };

  function ask(rawId: string, method: string, params: object = {}): void {
    write(
      `{"jsonrpc":"2.0","id":${rawId},"method":"${method}","params":${JSON.stringify(params)}}`,
    );
  }
  async function answer(rawId: string): Promise<Message> {
    const isAnswer = (line: string) =>
      line.includes(`"id":${rawId},`) && (JSON.parse(line) as Message).method === undefined;
    const line = await until(`an answer to ${rawId}`, () => lines().find(isAnswer)).catch(
      (error: Error) => {
        throw new Error(`${error.message}; ${describe()}`);
      },
    );
    return JSON.parse(line) as Message;
  }
  async function greet(capabilities: object = {}): Promise<string> {
    ask('"hello"', 'initialize', { protocolVersion: 1, clientCapabilities: capabilities });
    await answer('"hello"');
    ask('"new"', 'session/new', { cwd, mcpServers: [] });
    return String((await answer('"new"')).result?.sessionId);
  }
  return { ask, say: write, answer, lines, leave: () => running.process.stdin.end(), greet };
}
