/** blame/why: evidence in words, for every grade. */
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { playAt } from '../checkpointed.ts';

const claims = [{ path: 'f', before: 'one\n', after: 'one\ntwo of it\n' }];

test('a claimed line: the session, turn and tool call, and that it is sure', async () => {
  const played = await playAt({ files: { f: 'one\n' } });
  const { turn, step } = await played.play('S', { f: 'one\ntwo of it\n' }, { claims });
  const why = await answer(played.context, 'blame/why', { path: 'f', line: 2 });
  expect(why).toMatchObject({
    text: 'two of it',
    range: { start: 2, grade: 'W' },
    metadata: { source: 'agent', session: 'S', turn, step, path: 'f' },
  });
  expect(why.evidence[0]).toMatch(
    /^the tool call told this very text, and checkpoint \w{6} has it$/,
  );
  expect(why.evidence.at(-1)).toBe('sure');
});

test('a line of a command, of several, of nobody', async () => {
  const played = await playAt({ files: { f: 'one\n' } });
  const why = async (line: number) => {
    const found = await answer(played.context, 'blame/why', { path: 'f', line });
    return [found.range.grade, found.metadata.source, found.evidence[0]];
  };
  await played.play('S', { f: 'one\nby command\n' }, { paths: [], reach: 'anything' });
  expect(await why(2)).toEqual(['X', 'agent', expect.stringContaining('this tool call alone')]);
  const [one, other] = [await played.start('A'), await played.start('B')];
  const step = one.begin({ f: 'one\nby command\nby whom?\n' }, { paths: [], reach: 'anything' });
  const second = other.begin({}, { paths: [], reach: 'anything' });
  await one.close(step);
  await other.close(second);
  await one.end();
  await other.end();
  expect(await why(3)).toEqual(['C', 'contested', expect.stringContaining('several can have')]);
  expect(await why(1)).toEqual(['U', 'unknown', expect.stringContaining('before clew looked')]);
  await expect(why(9)).rejects.toThrow('f has no line 9');
});
