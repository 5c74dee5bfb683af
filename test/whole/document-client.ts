/** A client that is made from an OpenRPC document and nothing else: it knows no method, and checks everything said. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Param = { name: string; required: boolean; schema: object };
type Method = {
  name: string;
  paramStructure: string;
  params: Param[];
  result?: { schema: object };
};
type Document = { methods: Method[]; components: object };
type Waiting = { method: Method; resolve(value: unknown): void; reject(why: unknown): void };

export type DocumentClient = {
  readonly methods: string[];
  ask(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** A notification: one that the document gives no result. */
  say(method: string, params: Record<string, unknown>): void;
};

export function connectByDocument(
  document: Document,
  streams: { input: Readable; output: Writable },
): DocumentClient {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: 'doc://all', ...document });
  const compiled = new Map<object, ValidateFunction>();
  const waiting = new Map<number, Waiting>();
  let last = 0;

  function check(what: string, schema: object, value: unknown): void {
    const known = compiled.get(schema);
    const valid =
      known ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc://all#/')));
    compiled.set(schema, valid);
    if (!valid(value)) throw new Error(`${what}: ${JSON.stringify(valid.errors)}`);
  }

  function prepare(name: string, params: Record<string, unknown>): Method {
    const method = document.methods.find((it) => it.name === name);
    if (method === undefined) throw new Error(`the document has no ${name}`);
    if (method.paramStructure !== 'by-name') throw new Error(`${name} is not by name`);
    for (const [param, value] of Object.entries(params)) {
      const wanted = method.params.find((it) => it.name === param);
      if (wanted === undefined) throw new Error(`${name} takes no ${param}`);
      check(`${name} ${param}`, wanted.schema, value);
    }
    const missing = method.params.filter((it) => it.required && !(it.name in params));
    if (0 < missing.length) throw new Error(`${name} needs ${missing.map((it) => it.name)}`);
    return method;
  }

  function send(message: object): void {
    streams.output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  createInterface({ input: streams.input }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as Record<string, unknown>;
    const asked = waiting.get(id as number);
    waiting.delete(id as number);
    if (asked === undefined) throw new Error(`nobody asked for ${line}`);
    if (error !== undefined) return asked.reject(error);
    try {
      if (asked.method.result === undefined) throw new Error(`${asked.method.name} has no result`);
      check(`the result of ${asked.method.name}`, asked.method.result.schema, result);
      asked.resolve(result);
    } catch (problem) {
      asked.reject(problem);
    }
  });

  return {
    methods: document.methods.map((it) => it.name),
    async ask(name, params) {
      const method = prepare(name, params);
      last += 1;
      const id = last;
      send({ id, method: name, params });
      return new Promise((resolve, reject) => {
        const settle = resolve as (value: unknown) => void;
        waiting.set(id, { method, resolve: settle, reject });
      });
    },
    say(name, params) {
      if (prepare(name, params).result !== undefined) throw new Error(`${name} wants an answer`);
      send({ method: name, params });
    },
  };
}
