/** Reads the JSON Schemas beside this file. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JSONSchema } from 'json-schema-to-typescript';

export type Schema = JSONSchema & { $id: string; title: string; description: string };

type Part = {
  properties?: Record<string, Record<string, unknown>>;
  required?: string[];
  [key: string]: unknown;
};

export type MethodSchema = Schema & {
  properties: { params: Part; result?: Part };
  examples: { params: Record<string, unknown>; result?: unknown }[];
};

const here = fileURLToPath(new URL('.', import.meta.url));
/** Made out of the others. */
const generated = 'openrpc.json';

export function readSchemas(): Schema[] {
  const paths = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith('.json') && it !== generated)
    .sort();
  return paths.map((path) => readNamed(path));
}

/** In the files ids and references are as JSON Schema has them; here each is the file's path, without `.json`. */
function readNamed(path: string): Schema {
  const base = `clew://schemas/${path}`;
  return JSON.parse(readFileSync(`${here}/${path}`, 'utf8'), (key, value) => {
    const isName = key === '$id' || (key === '$ref' && !value.startsWith('#'));
    return isName ? new URL(value, base).pathname.slice(1).replace(/\.json$/, '') : value;
  }) as Schema;
}
