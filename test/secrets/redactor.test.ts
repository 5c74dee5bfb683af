/** Laws of the redactor: it never throws, a second time changes nothing, what is around stays, time is linear. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRedactor } from '../../src/secrets/redactor.ts';

const cases = (name: string) =>
  JSON.parse(readFileSync(new URL(`./cases/${name}.json`, import.meta.url), 'utf8')) as {
    text?: string;
    secret?: string[];
    environment?: unknown;
  }[];

const own = 'q7!Lm/x+Zb8Qk2Ww';
const { text: redact, value: redactValue } = openRedactor({
  environment: { ACME_PASSWORD: own, EDITOR_TOKEN: 'redacted', HOME: '/home/jane', EMPTY_KEY: '' },
});

const words = ['password', ' is ', 'API_KEY', '=', ':', ': "', '"', "'", '\\n', '\n', '\\"', '://'];
const signs = [
  '@',
  '--token ',
  'Bearer ',
  '.',
  '-',
  '_',
  ' ',
  ']',
  '[redacted:x]',
  '</token>',
  '+',
];
const secrets = [
  'ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z',
  'AKIAI44QH8DHBEXAMPLE',
  own,
  'hunter2xY9zW8vU7',
];
const pems = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  '-----END PRIVATE KEY-----',
];
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...words,
        ...signs,
        ...secrets,
        ...pems,
        'eyJhbGciOiJIUzI1NiJ9',
        'name',
        'value',
      ),
      fc.string({ maxLength: 12, unit: 'binary' }),
    ),
    { maxLength: 24 },
  )
  .map((it) => it.join(''));

describe('for any text', () => {
  test('a second time changes nothing', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const once = redact(text);
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  test('what is not taken out stays, in its order', () => {
    fc.assert(
      fc.property(soup, (text) => {
        let at = 0;
        for (const piece of redact(text).split(/\[redacted:[\w:-]+\]/)) {
          const found = text.indexOf(piece, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + piece.length;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a value keeps its shape', () => {
    const shapeOf = (it: unknown): unknown =>
      Array.isArray(it)
        ? it.map(shapeOf)
        : it !== null && typeof it === 'object'
          ? Object.values(it).map(shapeOf)
          : typeof it;
    const values = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        soup,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(
          fc.oneof(soup, fc.constantFrom('password', 'token', '__proto__', 'value', 'name')),
          tie('any'),
          { maxKeys: 4 },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(values, (value) => {
        const once = redactValue(value);
        expect(shapeOf(once)).toEqual(shapeOf(value));
        expect(redactValue(once)).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('wherever a secret stands', () => {
  const surroundings = fc
    .array(fc.constantFrom('The', 'build', 'ran,', 'then', '(see', 'log)', '42', '\n', '—', 'ünï'))
    .map((it) => it.join(' '));

  test.each(secrets.slice(0, 3))('%s goes and the words around it stay', (secret) => {
    fc.assert(
      fc.property(surroundings, surroundings, (before, after) => {
        const redacted = redact(`${before} ${secret} ${after}`);
        expect(redacted).not.toContain(secret);
        expect(redacted.startsWith(`${before} [redacted:`)).toBe(true);
        expect(redacted.endsWith(`] ${after}`)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('in any of the canaries, whatever follows', () => {
    for (const { text, secret, environment } of cases('canaries')) {
      if (text === undefined || environment !== undefined) continue;
      const whole = text.replace('{secret}', () => secret?.join('') ?? '');
      expect(redact(`${whole}\n${'and so on, '.repeat(500)}`)).not.toContain(secret?.join(''));
    }
  });
});

test.each(['password=', 'Authorization: Bearer ', 'Cookie: a=b; sid=', '"api_key": "'])(
  'a secret longer than what is judged goes to its end, after %s',
  (name) => {
    const secret = 'aB3dE5fG7hJ9kL1m'.repeat(300);
    const redacted = redact(`x ${name}${secret}" and more`);
    expect(redacted).toMatch(/^x [^[]*\[redacted:[\w-]+\]"? and more$/);
  },
);

describe('values', () => {
  test('names of fields are redacted, and two that become one stay two', () => {
    const [a, b] = [secrets[0] ?? '', `${secrets[0]}q`];
    const redacted = redactValue({ files: { [a]: 1, [b]: 2 } });
    expect(Object.entries(redacted.files)).toEqual([
      ['[redacted:github-token]', 1],
      ['[redacted:github-token] (2)', 2],
    ]);
  });

  test('a field named like the prototype stays a field', () => {
    const value = JSON.parse('{"__proto__": {"password": "swordfish"}}');
    expect(JSON.stringify(redactValue(value))).toBe(
      '{"__proto__":{"password":"[redacted:password]"}}',
    );
  });

  test('a value inside itself ends', () => {
    const loop: Record<string, unknown> = { name: 'x' };
    loop.self = loop;
    expect(redactValue(loop)).toEqual({ name: 'x', self: '[redacted:too-deep]' });
  });
});

/** A text that invites a pattern to start over at every character. */
const longLength = 1 << 19;
const hostile: readonly (readonly [string, string])[] = [
  'a',
  '-',
  '=',
  ':',
  '"',
  '\\',
  ' ',
  '@',
  '0',
  'A',
  'aA0',
  'eyJ',
  'eyJaaaaaaaaaaaaaaaaaaaa.',
  'sk-',
  'sk-aaaaaaaaaaaaaaaaaaaaaaaa ',
  'ghp_',
  'AKIA',
  'token=',
  'token=\'token="',
  'password:',
  'password is ',
  '"password":"',
  '://a:',
  'x://u:p@',
  '--token ',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n',
  '</password>',
  '<password>',
  'name: API_KEY\nvalue: ',
  'Authorization: ',
  'Authorization: Digest a="',
  'Cookie: ',
  'cookie: a=b; ',
  '[redacted:',
  '[redacted:x]',
  'secret key is ',
  'const apiKey: string',
  'q7!Lm',
  '🔑',
  'IQoJb3JpZ2luA_',
  'rt_a-',
  '1aA',
  'ak_aA-',
  'mysql -',
].map((it) => [JSON.stringify(it).slice(0, 40), it] as const);

/** Reading it once takes milliseconds; starting over at every character would take minutes. */
const guardMs = 20_000;

test.each(hostile)(
  'half a megabyte of %s is read once',
  (_, piece) => {
    const text = piece.repeat(Math.ceil(longLength / piece.length));
    const kept = redact(text).replaceAll(/\[redacted:[\w:-]+\]/g, '');
    expect(kept.length).toBeLessThanOrEqual(text.length);
  },
  guardMs,
);
