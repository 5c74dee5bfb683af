/** Turns the JSON Schemas beside this file into types, an OpenRPC document and a page. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { writeOpenRpc } from './open-rpc.ts';
import { readSchemas, type Schema } from './read-schemas.ts';
import { writeRpcPage } from './write-rpc-page.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What is made, by the file it is written to, from the top of the repository. */
export async function generateAll(): Promise<Readonly<Record<string, string>>> {
  return {
    'src/contract/types.gen.ts': await generate(),
    'schemas/openrpc.json': writeOpenRpc(),
    'schemas/README-rpc.md': writeRpcPage(),
  };
}

async function generate(): Promise<string> {
  const all = readSchemas();
  const rooms = (name: string) => all.filter((it) => it.$id.startsWith(`${name}/`));
  const methods = rooms('rpc');
  const definitions = Object.fromEntries(all.map((it) => [it.title, withLocalRefs(it)]));
  const types = await compile({ definitions } as JSONSchema, 'Everything', {
    bannerComment: '',
    additionalProperties: false,
    unreachableDefinitions: true,
    format: false,
  });
  const table = methods.map((it) => `  '${it.$id.slice('rpc/'.length)}': ${it.title};`).join('\n');
  return [
    '/* Generated from schemas/ by `npm run generate`. Do not edit. */',
    withoutProvenance(types),
    `export interface Methods {\n${table}\n}`,
    `export type Event =\n${rooms('event')
      .map((it) => `  | ${it.title}`)
      .join('\n')};`,
    '',
  ].join('\n');
}

/** `part/usage` becomes a reference inside the one document that is compiled, so types come once. */
function withLocalRefs(schema: Schema): unknown {
  const text = JSON.stringify(schema, (key, value) => (key === '$id' ? undefined : value));
  return JSON.parse(text, (key, value) =>
    key === '$ref' && typeof value === 'string' && !value.startsWith('#')
      ? `#/definitions/${titleOf(value)}`
      : value,
  );
}

function titleOf(id: string): string {
  const known = readSchemas().find((it) => it.$id === id);
  if (known === undefined) throw new Error(`no schema ${id}`);
  return known.title;
}

/** Drops the root type, which nothing uses, and the notes of where each type came from. */
function withoutProvenance(types: string): string {
  return types
    .replace(/export interface Everything \{[^}]*\}\n/, '')
    .replace(/ \* \n \* This interface was referenced by[^\n]*\n \* via[^\n]*\n/g, '')
    .replace(/\/\*\*\n \* This interface was referenced by[^\n]*\n \* via[^\n]*\n \*\/\n/g, '')
    .trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [path, text] of Object.entries(await generateAll()))
    writeFileSync(`${here}/../${path}`, text);
