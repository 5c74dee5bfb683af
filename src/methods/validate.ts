/** Checks values against the JSON Schemas in schemas/, compiling each on first use. */
import { readFileSync } from 'node:fs';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { fitsPlainly } from './fits-plainly.ts';

type Schema = Readonly<Record<string, unknown>>;

let compiler: Promise<Ajv2020> | undefined;
const compiled = new Map<string, ValidateFunction>();

export async function checkParams<M extends keyof Methods>(
  method: M,
  value: unknown,
): Promise<Methods[M]['params']> {
  return checkAgainst(`rpc/${method}`, value);
}

/** The same for what is no method, such as the beginning of a connection. */
export async function checkAgainst<T>(id: string, value: unknown): Promise<T> {
  if (fitsPlainly(readPart(id, 'params'), value)) return value as T;
  const check = await compileSchema(id, 'params');
  if (check(value)) return value as T;
  const error = check.errors?.[0];
  throw new Failure('invalid-params', explain(error), {
    data: { method: id.slice(id.indexOf('/') + 1), field: fieldOf(error) },
    hint: `schemas/${id}.json says what it takes`,
  });
}

/** `part` is a property of the schema, such as params; all of it when left out. */
export async function compileSchema(id: string, part?: string): Promise<ValidateFunction> {
  const name = part === undefined ? id : `${id}#${part}`;
  const done = compiled.get(name);
  if (done !== undefined) return done;
  compiler ??= loadCompiler();
  const ajv = await compiler;
  const wanted = readPart(id, part);
  addParts(ajv, wanted);
  const fresh = ajv.compile(wanted);
  compiled.set(name, fresh);
  return fresh;
}

async function loadCompiler(): Promise<Ajv2020> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  return new Ajv2020({ strict: true, allErrors: false });
}

function addParts(ajv: Ajv2020, schema: Schema): void {
  for (const [, id = ''] of JSON.stringify(schema).matchAll(inReferences)) {
    if (ajv.getSchema(addressOf(id)) !== undefined) continue;
    const part = readSchema(id);
    addParts(ajv, part);
    ajv.addSchema(part, addressOf(id));
  }
}

/** What a schema's own `$id` says; references are relative to it. */
const addressOf = (id: string) => `clew://schemas/${id}.json`;
const inReferences = new RegExp(`"\\$ref":"${addressOf('([^"#]+?)')}"`, 'g');

export function readPart(id: string, part?: string): Schema {
  const schema = readSchema(id);
  const properties = schema['properties'] as Readonly<Record<string, Schema>>;
  const wanted = part === undefined ? schema : properties[part];
  if (wanted === undefined) throw new Error(`schema ${id} has no ${part}`);
  return wanted;
}

const known = new Map<string, Schema>();

/** schemas/ stands beside src/ here and beside dist/ in the published package. */
function readSchema(id: string): Schema {
  const kept = known.get(id);
  if (kept !== undefined) return kept;
  const url = new URL(`../../schemas/${id}.json`, import.meta.url);
  const { $id: _, ...schema } = JSON.parse(readFileSync(url, 'utf8'), (key, value) =>
    key === '$ref' && !value.startsWith('#') ? new URL(value, addressOf(id)).href : value,
  ) as Record<string, unknown>;
  known.set(id, schema);
  return schema;
}

function fieldOf(error: ErrorObject | undefined): string {
  const { instancePath = '', params = {} } = error ?? {};
  const named =
    (params as Record<string, unknown>)['additionalProperty'] ?? params['missingProperty'];
  return [instancePath, named]
    .filter((it) => it !== undefined && it !== '')
    .join('/')
    .replace(/^\//, '');
}

function explain(error: ErrorObject | undefined): string {
  const field = fieldOf(error);
  if (error?.keyword === 'additionalProperties') return `there is no parameter ${field}`;
  if (error?.keyword === 'required') return `${field} is missing`;
  const subject = field === '' ? 'the parameters' : field;
  if (error?.keyword === 'enum') return `${subject} must be one of ${listAllowed(error)}`;
  return `${subject} ${error?.message ?? 'cannot be understood'}`;
}

function listAllowed({ params }: ErrorObject): string {
  return (params['allowedValues'] as readonly unknown[]).join(', ');
}
