/** Makes the OpenRPC document of everything that can be asked out of the schemas beside this file. */
import { readFileSync } from 'node:fs';
import { failures } from '../src/errors.ts';
import { type MethodSchema, readSchemas, type Schema } from './read-schemas.ts';

type Json = { [key: string]: unknown };

const openRpcVersion = '1.3.2';
/** How these are called on the wire. */
const lifecycleNames: Readonly<Record<string, string>> = {
  'lifecycle/initialize': 'initialize',
  'lifecycle/initialized': 'initialized',
  'lifecycle/shutdown': 'shutdown',
  'lifecycle/exit': 'exit',
  'lifecycle/cancel-request': '$/cancelRequest',
  'lifecycle/progress': '$/progress',
};
/** These mean no workspace. */
const placeless = new Set(['rpc.discover', 'message/rewind', 'workspace/open']);

const envelope: Readonly<Record<string, Json>> = {
  workspace: {
    type: 'string',
    minLength: 1,
    description:
      'The handle that workspace/open answered. May be left out where the server was started with a workspace.',
  },
  workDoneToken: {
    anyOf: [{ type: 'string' }, { type: 'number' }],
    description: 'Asks for $/progress with this token, if the answer takes longer than 300 ms.',
  },
};

export function writeOpenRpc(): string {
  const schemas = readSchemas();
  const parts = findParts(schemas);
  const methods = listMethods(schemas).map(({ name, schema }) => describeMethod(name, schema));
  const { version, license } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string; license: string };
  const document = {
    openrpc: openRpcVersion,
    info: {
      title: 'clew',
      version,
      description:
        'Everything that clew can do, over JSON-RPC 2.0. `clew serve --stdio` answers it behind Content-Length headers, `--framing ndjson` one message a line; README-rpc.md says the rest.',
      license: { name: license },
    },
    methods,
    components: {
      schemas: Object.fromEntries(parts.map((it) => [it.title, bare(it)])),
      errors: Object.fromEntries(
        Object.entries(failures).map(([code, { rpc }]) => [code, { code: rpc, message: code }]),
      ),
    },
  };
  return `${JSON.stringify(withReferences(document, schemas), undefined, 2)}\n`;
}

/** The beginning and end of a connection first, then what can be asked in between. */
export function listMethods(
  schemas: readonly Schema[],
): { readonly name: string; readonly schema: MethodSchema }[] {
  const at = (room: string) => schemas.filter((it) => it.$id.startsWith(`${room}/`));
  const named = (schema: Schema, name: string) => ({ name, schema: schema as MethodSchema });
  const order = Object.keys(lifecycleNames);
  return [
    ...at('lifecycle')
      .sort((a, b) => order.indexOf(a.$id) - order.indexOf(b.$id))
      .map((it) => named(it, lifecycleNames[it.$id] ?? it.$id)),
    ...at('rpc').map((it) => named(it, it.$id.slice('rpc/'.length))),
  ];
}

/** What methods refer to, and what that refers to. */
function findParts(schemas: readonly Schema[]): Schema[] {
  const found = new Set<Schema>();
  const look = (schema: Schema) => {
    for (const [, id = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"#]+)"/g)) {
      const part = schemas.find((it) => it.$id === id);
      if (part === undefined) throw new Error(`no schema ${id}`);
      if (found.has(part)) continue;
      found.add(part);
      look(part);
    }
  };
  for (const { schema } of listMethods(schemas)) look(schema);
  return [...found].sort((a, b) => (a.$id < b.$id ? -1 : 1));
}

function describeMethod(name: string, schema: MethodSchema): Json {
  const { params, result } = schema.properties;
  const isOwn = schema.$id.startsWith('rpc/');
  const own = Object.entries(params.properties ?? {}).map(([param, wanted]) =>
    describeParam(param, wanted, params.required?.includes(param) === true),
  );
  const around = Object.entries(envelope)
    .filter(([param]) => isOwn && !(param === 'workspace' && placeless.has(name)))
    .map(([param, wanted]) => describeParam(param, wanted, false));
  const noun = isOwn ? name.split(/[/.]/)[0] : 'lifecycle';
  return {
    name,
    summary: schema.description.split(/(?<=\.) /)[0],
    description: schema.description,
    tags: [{ name: noun }],
    paramStructure: 'by-name',
    params: [...own, ...around],
    // Without one it is a notification: nothing is answered.
    ...(result && { result: { name: 'result', schema: result } }),
    ...(isOwn && {
      errors: ['invalid-params', 'closed-workspace', 'busy', 'timed-out', 'cancelled'].map(
        (it) => ({ $ref: `#/components/errors/${it}` }),
      ),
    }),
    examples: schema.examples.map((example) => ({
      name: 'example',
      params: Object.entries(example.params).map(([param, value]) => ({ name: param, value })),
      ...(result && { result: { name: 'result', value: example.result } }),
    })),
  };
}

function describeParam(name: string, wanted: Json, required: boolean): Json {
  const { description } = wanted;
  return { name, ...(description !== undefined && { description }), required, schema: wanted };
}

function bare({ $id: _id, $schema: _schema, ...rest }: Schema): Json {
  return rest as unknown as Json;
}

/** `part/usage` lies among the components. */
function withReferences(document: object, schemas: readonly Schema[]): object {
  return JSON.parse(JSON.stringify(document), (key, value) => {
    if (key !== '$ref' || value.startsWith('#')) return value;
    const part = schemas.find((it) => it.$id === value);
    if (part === undefined) throw new Error(`no schema ${value}`);
    return `#/components/schemas/${part.title}`;
  }) as object;
}
