/** The editor's part as a real one plays it: it serves files from the disk, and a person answers its questions. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Running } from './stage.ts';

export type Served = {
  readonly id: string | number;
  readonly method: string;
  readonly params: Record<string, unknown> & {
    readonly path?: string;
    readonly content?: string;
    readonly options?: readonly { readonly optionId: string; readonly name: string }[];
  };
};

export type ServingEditor = {
  /** All that was asked of it, in order. */
  readonly asked: readonly Served[];
  asks(method: string): readonly Served[];
};

export type Person = {
  /** The id of the option; nothing for a question that is closed without an answer. */
  choose?(asked: Served): string | undefined | Promise<string | undefined>;
  /** Before a file is read for the agent. */
  beforeRead?(asked: Served): void;
  /** Before a file is written. */
  beforeWrite?(asked: Served): void;
};

export const serves = { fs: { readTextFile: true, writeTextFile: true } };

export function serveFiles(running: Running, person: Person = {}): ServingEditor {
  const asked: Served[] = [];
  let rest = '';
  running.process.stdout.on('data', (chunk: Buffer | string) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(JSON.parse(line) as Partial<Served>);
  });

  function hear({ id, method, params }: Partial<Served>): void {
    if (id === undefined || method === undefined || params === undefined) return;
    const served = { id, method, params };
    asked.push(served);
    void answer(served).then((answered) => {
      running.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answered })}\n`);
    });
  }

  async function answer(served: Served): Promise<{ result: object } | { error: object }> {
    const { method, params } = served;
    const { path = '' } = params;
    if (method === 'fs/read_text_file') {
      person.beforeRead?.(served);
      if (!existsSync(path)) return { error: { code: -32002, message: 'not found' } };
      return { result: { content: readFileSync(path, 'utf8') } };
    }
    if (method === 'fs/write_text_file') {
      person.beforeWrite?.(served);
      writeFileSync(path, params.content ?? '');
      return { result: {} };
    }
    if (method === 'session/request_permission') {
      const optionId = await (person.choose ?? (() => 'allow'))(served);
      const chosen = { outcome: 'selected', optionId };
      return { result: { outcome: optionId === undefined ? { outcome: 'cancelled' } : chosen } };
    }
    return { error: { code: -32601, message: `no ${method}` } };
  }

  return { asked, asks: (method) => asked.filter((it) => it.method === method) };
}
