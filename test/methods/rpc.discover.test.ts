/** rpc.discover: the document that is generated, and every method of the table in it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { methods } from '../../src/methods/table.ts';
import { openHosted } from '../rpc/hosted.ts';

test('the document is answered, also where no workspace is named', async () => {
  const { ask } = await openHosted();
  const document = await ask('rpc.discover', {});
  expect(document).toEqual(JSON.parse(readFileSync('schemas/openrpc.json', 'utf8')));
  const names = document.methods.map((it) => it.name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(methods)));
});
