/** That every method says what it is, and that the document of all of them says the same. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { listMethods } from '../../schemas/open-rpc.ts';
import { readSchemas } from '../../schemas/read-schemas.ts';
import { readOpenRpc } from '../../src/methods/read-open-rpc.ts';
import { methods } from '../../src/methods/table.ts';

const named = listMethods(readSchemas());
const own = named.filter(({ schema }) => schema.$id.startsWith('rpc/'));
/** The door takes these for itself. */
const reserved = ['workspace', 'workDoneToken'];

test('the table and the schemas have the same methods', () => {
  expect(own.map((it) => it.name).sort()).toEqual(Object.keys(methods).sort());
});

describe.each(named.map((it) => [it.name, it.schema] as const))('%s', (name, schema) => {
  test('has a description, params, a result and one example', () => {
    const { params, result } = schema.properties;
    expect(schema.description).toMatch(/^\S.{9,}\.$/s);
    expect(params['type']).toBe('object');
    expect(schema.examples).toHaveLength(1);
    const isNotification = schema.$id.startsWith('lifecycle/') && result === undefined;
    expect(Object.keys(schema.examples[0] ?? {})).toEqual(
      isNotification ? ['params'] : ['params', 'result'],
    );
  });

  test.runIf(schema.$id.startsWith('rpc/'))('leaves to the door what is the door’s', () => {
    const { params } = schema.properties;
    expect(params['additionalProperties']).toBe(false);
    expect(reserved.filter((it) => it in (params.properties ?? {}))).toEqual([]);
  });

  test('its example fits what the document says', async () => {
    const document = await readOpenRpc();
    const described = document.methods.find((it) => it.name === name) as unknown as {
      params: { name: string; required: boolean; schema: object }[];
      result?: { schema: object };
      examples: { params: { name: string; value: unknown }[]; result?: { value: unknown } }[];
    };
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'clew://document', ...document });
    const check = (wanted: object, value: unknown) => {
      const text = JSON.stringify(wanted).replaceAll('"#/', '"clew://document#/');
      const valid = ajv.compile(JSON.parse(text));
      expect(valid(value) || valid.errors).toBe(true);
    };
    const [example] = described.examples;
    for (const { name: param, value } of example?.params ?? []) {
      const wanted = described.params.find((it) => it.name === param);
      // What a client may add of its own is described by no one.
      if (wanted !== undefined) check(wanted.schema, value);
    }
    const given = example?.params.map((it) => it.name);
    const needed = described.params.filter((it) => it.required).map((it) => it.name);
    expect(given).toEqual(expect.arrayContaining(needed));
    if (described.result) check(described.result.schema, example?.result?.value);
  });
});
