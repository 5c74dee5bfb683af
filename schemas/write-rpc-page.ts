/** Writes the page about everything that can be asked, out of the schemas beside this file. */
import { failures } from '../src/errors.ts';
import { listMethods } from './open-rpc.ts';
import { type MethodSchema, readSchemas } from './read-schemas.ts';

const opening = `# Everything that can be asked

<!-- Generated from the schemas in this folder by \`npm run generate\`. Do not edit. -->

One table of methods, answered through every door:

- \`clew serve --stdio\` speaks JSON-RPC 2.0 with a host: each message behind a \`Content-Length\` header as with language servers, or one message a line with \`--framing ndjson\`. Batches are answered as batches.
- \`clew call <method> --json '{…}'\` asks once from a shell.
- An ACP client that says \`_meta: { clew: {} }\` in its \`initialize\` asks the sidecar in-band: \`_clew/<method>\`, about the workspace that it records. Progress comes as \`_clew/progress\`, and \`$/cancel_request\` cancels. Nobody else hears of it, the agent neither; sessions are the sidecar's own there.

\`openrpc.json\` beside this page is the same for programs, and \`rpc.discover\` answers it.

**A connection** begins with \`initialize\`; everything before it is refused with -32002. \`workspace/open\` makes a workspace known and answers its handle, which every later request gives as \`workspace\`; workspaces that this connection has not opened are refused. \`shutdown\` and \`exit\` end it: exit code 0 after shutdown, 1 without. It also ends with its input, with its parent, and with SIGTERM; sessions that are open then are ended as interrupted.

**Every request** may carry, beside its own parameters, \`workspace\` and \`workDoneToken\`; with the token, \`$/progress\` comes (\`begin\`, \`report\`, \`end\`) when the answer takes longer than 300 ms. \`$/cancelRequest\` ends the waiting: what only reads is left in the middle and answered with -32800; what has begun to change something is finished, and its answer is the true one. What changes something in a workspace goes one after the other, in the order in which it was asked. Past the time limit (120 s unless told) the answer is \`timed-out\`; past 256 open requests it is \`busy\`.

**Ids** come back exactly as they were written, also beyond 2^53. An id that is in use by a request which is not answered yet is refused. What cannot be read is answered with -32700 or -32600 and id null, and reading goes on; where nobody can know where the next message begins (a broken header), the answer says so (\`closed: true\`) and the connection is over.
`;

export function writeRpcPage(): string {
  const methods = listMethods(readSchemas());
  return `${[
    opening,
    '## Methods\n',
    ...methods.map(({ name, schema }) => describe(name, schema)),
    '## Errors\n',
    'Each has `data.code`, more `data` for programs, and mostly `data.hint` for people.\n',
    '| code | rpc | exit code of a command |',
    '| --- | --- | --- |',
    ...Object.entries(failures).map(([code, { rpc, exit }]) => `| ${code} | ${rpc} | ${exit} |`),
  ].join('\n')}\n`;
}

function describe(name: string, schema: MethodSchema): string {
  const { params, result } = schema.properties;
  const rows = Object.entries(params.properties ?? {}).map(([param, wanted]) => {
    const must = params.required?.includes(param) === true ? 'yes' : '';
    return `| \`${param}\` | ${nameType(wanted)} | ${must} | ${cell(wanted['description'] ?? '')} |`;
  });
  const table = ['| parameter | type | needed | |', '| --- | --- | --- | --- |', ...rows, ''];
  const [example] = schema.examples;
  return [
    `### ${name}\n`,
    `${schema.description}\n`,
    ...(rows.length === 0 ? [] : table),
    ...(result === undefined ? [] : [`Answers ${nameResult(result)}.\n`]),
    '```json',
    JSON.stringify(example?.params),
    ...(result === undefined ? [] : [JSON.stringify(example?.result)]),
    '```\n',
  ].join('\n');
}

function nameResult(result: NonNullable<MethodSchema['properties']['result']>): string {
  if (result['type'] === 'null') return 'null';
  const required = result.required ?? [];
  const names = Object.keys(result.properties ?? {});
  if (names.length === 0) return 'an object';
  return names.map((it) => (required.includes(it) ? `\`${it}\`` : `\`${it}\`?`)).join(', ');
}

function nameType(wanted: Readonly<Record<string, unknown>>): string {
  const { type, $ref, enum: among, anyOf, const: only } = wanted;
  if (typeof $ref === 'string') return `[${$ref.replace('part/', '')}](${$ref}.json)`;
  if (Array.isArray(among)) return among.map((it) => JSON.stringify(it)).join(' \\| ');
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(anyOf)) return anyOf.map(nameType).join(' \\| ');
  if (type === 'array') return `${nameType((wanted['items'] ?? {}) as Record<string, unknown>)}[]`;
  return String(type ?? 'any');
}

const cell = (text: unknown) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
