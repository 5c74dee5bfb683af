/** Which writes are stopped, and which are let through and why. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeWrite, type WriteCase } from '../../src/guard/judge-write.ts';
import type { Sighting } from '../../src/guard/sighting.ts';

const blobOf = (text: string) =>
  createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
const version = (text: string | null) =>
  text === null ? { blob: null } : { blob: blobOf(text), text };
const saw = (text: string | null, how: Sighting['how'] = 'wire'): Sighting => ({
  blob: text === null ? null : blobOf(text),
  at: 1,
  how,
});

const [a, person, agent] = ['1\n2\n3\n', '1\n2\n3\nmine\n', '1\ntwo\n3\n'];

function judge(given: Partial<WriteCase> & { was?: string | null }) {
  const { was = a, ...rest } = given;
  const verdict = judgeWrite({
    policy: 'refuse',
    seen: saw(was),
    seenText: was ?? undefined,
    found: version(person),
    wanted: version(agent),
    maker: 'other',
    ...rest,
  });
  return verdict.kind === 'pass' ? verdict.why : verdict;
}

describe('a write over what somebody else wrote since', () => {
  it('is refused, with both versions and the lines that it would lose', () => {
    expect(judge({})).toEqual({
      kind: 'refuse',
      seen: saw(a),
      found: version(person),
      losses: { lost: [{ line: 4, count: 1 }], revived: 0 },
    });
  });

  it.each(['ask', 'warn'] as const)('is met as the policy says: %s', (policy) => {
    expect(judge({ policy })).toMatchObject({ kind: policy });
  });

  it.each(['wire', 'disk', 'own'] as const)('whether it knew it by %s', (how) => {
    expect(judge({ seen: saw(a, how) })).toMatchObject({ kind: 'refuse' });
  });

  it('also when the file came into being since, or the other took lines away', () => {
    expect(judge({ was: null, wanted: version('other\n') })).toMatchObject({
      losses: { lost: [{ line: 1, count: 4 }], revived: 0 },
    });
    expect(judge({ found: version('1\n2\n') })).toMatchObject({ losses: { revived: 1 } });
    expect(judge({ found: version(null) })).toMatchObject({ losses: { revived: 2 } });
  });
});

describe('what is let through', () => {
  it.each<[string, Partial<WriteCase> & { was?: string | null }]>([
    ['off', { policy: 'off' }],
    ['unseen', { seen: undefined }],
    ['current', { found: version(a) }],
    ['identical', { wanted: version(person) }],
    ['guess', { seen: saw(a, 'guess') }],
    ['guess', { seen: saw(a, 'part') }],
    ['own', { maker: 'agent' }],
    ['unproven', { maker: 'unsure' }],
    ['unproven', { maker: undefined }],
    ['unproven', { seenText: undefined }],
    ['unproven', { found: { blob: blobOf('x') } }],
    ['keeps', { wanted: version('1\ntwo\n3\nmine\n') }],
    ['keeps', { found: version('1\n  2\n3\n') }],
    ['keeps', { found: version('2\n3\n1\n') }],
    ['keeps', { found: version('1\r\n2\r\n3\r\n') }],
    ['keeps', { found: version('1\n2\n3\n\n\n') }],
    // What a formatter does when the editor saves.
    ['keeps', { was: "a('x')\n", found: version('a("x");\n'), wanted: version("a('x')\nb\n") }],
    ['keeps', { was: 'f(one, two)\n', found: version('f(\n  one,\n  two,\n);\n') }],
    ['keeps', { was: 'f(\n  one,\n  two,\n)\n', found: version('f(one, two)\n') }],
  ])('%s', (why, given) => {
    expect(judge(given)).toBe(why);
  });
});
