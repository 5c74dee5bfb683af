/** Words are put before a prompt, and every other byte of its line stays where and what it was. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeBeforePrompt } from '../../src/acp/prompt-place.ts';

const text = 'a "word" <ü>\n';

function put(line: string, uri?: string): string | undefined {
  const place = placeBeforePrompt(line, { text, ...(uri === undefined ? {} : { uri }) });
  if (place === undefined) return undefined;
  const bytes = Buffer.from(line);
  const { before, block } = place;
  const atByte = Buffer.byteLength(before);
  return Buffer.concat([
    bytes.subarray(0, atByte),
    Buffer.from(block),
    bytes.subarray(atByte),
  ]).toString();
}

test.each([
  ['{"params":{"sessionId":"s","prompt":[{"type":"text","text":"hi"}]}}', 1],
  ['{ "params" : { "prompt" : [ ] , "sessionId":"s" } }', 0],
  ['{"params":{"prompt":[]}}', 0],
  ['{"id":1e400,"params":{"\\u0070rompt":[1]},"x":"[\\"prompt\\":["}', 1],
  ['{"params":{"prompt":["no"],"prompt":[1,2]}}', 2],
  ['{"method":"session\\/prompt","params":{"é€😀":"prompt","prompt":[{"text":"é"}]}}', 1],
])('%s', (line, count) => {
  const done = put(line) ?? '';
  const { prompt } = JSON.parse(done).params;
  expect(prompt).toHaveLength(count + 1);
  expect(prompt[0]).toEqual({ type: 'text', text });
  const asResource = JSON.parse(put(line, 'clew:x') ?? '').params.prompt[0];
  expect(asResource).toEqual({
    type: 'resource',
    resource: { uri: 'clew:x', mimeType: 'text/plain', text },
  });
  const block = JSON.stringify({ type: 'text', text });
  expect(done.replace(count === 0 ? block : `${block},`, '')).toBe(line);
});

test.each([
  '{"params":{"prompt":"text"}}',
  '{"params":{"prompt":{"a":[1]}}}',
  '{"params":[]}',
  '{"prompt":[1]}',
  '{"params":{"sessionId":"\ufffd","prompt":[1]}}',
])('nothing is put into %s', (line) => {
  expect(placeBeforePrompt(line, { text })).toBe(undefined);
});

test('any prompt, printed in any way', () => {
  const blocks = fc.array(
    fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'binary' }) }),
  );
  const params = fc.record({ sessionId: fc.string(), prompt: blocks, _meta: fc.jsonValue() });
  fc.assert(
    fc.property(params, fc.nat(4), (given, indent) => {
      const line = JSON.stringify(
        { jsonrpc: '2.0', id: 1, params: given },
        null,
        indent,
      ).replaceAll('\n', ' ');
      // Half a character, or what stands for one, cannot be counted in bytes.
      fc.pre(Buffer.from(line).toString() === line);
      const done = put(line);
      if (done === undefined) expect(line).toContain('\ufffd');
      else
        expect(JSON.parse(done).params).toEqual({
          ...JSON.parse(line).params,
          prompt: [{ type: 'text', text }, ...JSON.parse(line).params.prompt],
        });
    }),
  );
});
