/** clew help rpc: everything that can be asked, from the OpenRPC document. */
import { Failure } from '../errors.ts';
import { readOpenRpc } from '../methods/read-open-rpc.ts';
import { showTable } from './help.ts';
import { suggest } from './suggest.ts';
import { wrapToWidth } from './width.ts';

type Schema = { readonly [key: string]: unknown };
type Method = {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly params: readonly {
    readonly name: string;
    readonly description?: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly result?: { readonly schema: Schema };
  readonly examples: readonly {
    readonly params: readonly { readonly name: string; readonly value: unknown }[];
    readonly result?: { readonly value: unknown };
  }[];
};

const width = 80;

export async function showRpcHelp(asked: string | undefined): Promise<string> {
  const document = await readOpenRpc();
  const methods = document.methods as unknown as readonly Method[];
  if (asked === undefined) return showAll(methods);
  const method = methods.find((it) => it.name === asked);
  if (method !== undefined) return showOne(method);
  const near = suggest(
    asked,
    methods.map((it) => it.name),
  );
  throw new Failure('usage', `there is no method ${asked}`, {
    data: { method: asked },
    hint: near === undefined ? '`clew help rpc` lists them' : `did you mean \`${near}\`?`,
  });
}

function showAll(methods: readonly Method[]): string {
  return `${[
    'Usage: clew call <method> [--json PARAMS]',
    '       clew serve --stdio',
    '',
    'Methods:',
    ...showTable(methods.map((it) => [it.name, it.summary] as const)),
    '',
    '`clew help rpc <method>` says what one takes and answers. For programs the same is',
    'in schemas/openrpc.json, which rpc.discover answers.',
  ].join('\n')}\n`;
}

function showOne({ name, description, params, result, examples }: Method): string {
  const rows = params.map((it) => {
    const must = it.required ? ' (needed)' : '';
    return [`${it.name}: ${nameType(it.schema)}`, `${it.description ?? ''}${must}`.trim()] as const;
  });
  const [example] = examples;
  const given = Object.fromEntries(example?.params.map((it) => [it.name, it.value]) ?? []);
  const answers = Object.entries((result?.schema['properties'] ?? {}) as Record<string, Schema>);
  const lines = [
    name,
    '',
    ...wrapToWidth(description, width),
    ...(rows.length === 0 ? [] : ['', 'Parameters:', ...showTable(rows)]),
    ...(answers.length === 0
      ? []
      : [
          '',
          'Answers:',
          ...showTable(
            answers.map(([it, schema]) => [`${it}: ${nameType(schema)}`, say(schema)] as const),
          ),
        ]),
    '',
    'Example:',
    `  ${JSON.stringify(given)}`,
    ...(example?.result === undefined ? [] : [`  ${JSON.stringify(example.result.value)}`]),
  ];
  return `${lines.map((it) => it.trimEnd()).join('\n')}\n`;
}

const say = ({ description }: Schema) => (typeof description === 'string' ? description : '');

function nameType({ type, $ref, enum: among, anyOf, items }: Schema): string {
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (Array.isArray(among)) return among.join('|');
  if (Array.isArray(anyOf)) return anyOf.map(nameType).join('|');
  if (type === 'array') return `${nameType((items ?? {}) as Schema)}[]`;
  return String(type ?? 'any');
}
