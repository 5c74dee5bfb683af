/** attribution/export: records that the standard allows, the same again for the same, superseded after a rewrite. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { AttributionExport, TraceRecord } from '../../../src/contract/types.gen.ts';
import { answer } from '../../../src/methods/table.ts';
import { git, gitEnv } from '../../git.ts';
import { playAt } from '../checkpointed.ts';

const judge = new Ajv2020({ strict: false }).compile(
  JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../attribution/agent-trace.schema.json'), 'utf8'),
  ),
);
const lines = Array.from({ length: 9 }, (_, at) => `line ${at + 1} of the file\n`);

/** Two commits with lines of an agent, and one of a person. */
async function record() {
  const played = await playAt({ git: true, files: { 'f ü': lines.join('') } });
  const commit = (message: string) => git(played.root, 'commit', '-qam', message);
  const edit = async (session: string, at: number, text: string) => {
    const before = lines[at] ?? '';
    const now = readFileSync(join(played.root, 'f ü'), 'utf8');
    const files = { 'f ü': now.replace(before, before + text) };
    return played.play(session, files, {
      claims: [{ path: 'f ü', before, after: before + text }],
    });
  };
  const first = await edit('A', 2, 'caf\u00e9 of agent A\nand one more\n');
  commit('one');
  await edit('B', 6, 'by agent B\n');
  played.write({ 'f ü': `${readFileSync(join(played.root, 'f ü'), 'utf8')}typed by hand\n` });
  commit('two');
  const ask = (params: AttributionExport['params']) =>
    answer(played.context, 'attribution/export', params);
  const verify = (params = {}) => answer(played.context, 'attribution/verify', params);
  const file = join(played.root, '.agent-trace/traces.jsonl');
  const add = async (params: AttributionExport['params'], to = file) => {
    const { records, known } = await ask({ ...params, earlier: to });
    execFileSync('mkdir', ['-p', join(to, '..')]);
    const text = records.map((it) => `${JSON.stringify(it)}\n`).join('');
    writeFileSync(to, text, { flag: 'a' });
    return { records, known };
  };
  return { ...played, ...first, commit, ask, add, verify, file };
}

const all = { revs: ['HEAD~2..HEAD'] };

function listRanges({ files }: TraceRecord) {
  return files.flatMap(({ path, conversations }) =>
    conversations.flatMap(({ contributor, ranges }) =>
      ranges.map((it) => [path, contributor.type, it.start_line, it.end_line] as const),
    ),
  );
}

test('a record for each commit, as the standard wants it, with hashes over the very lines', async () => {
  const { ask, root, turn } = await record();
  const { records } = await ask(all);
  for (const it of records) expect(judge(it), JSON.stringify(judge.errors)).toBe(true);
  expect(records.map(listRanges)).toEqual([
    [['f ü', 'ai', 4, 5]],
    [
      ['f ü', 'ai', 10, 10],
      ['f ü', 'unknown', 13, 13],
    ],
  ]);
  const [conversation] = records[0]?.files[0]?.conversations ?? [];
  expect(conversation?.url).toBe(`clew:session/A/turn/${turn}`);
  const shown = git(root, 'show', 'HEAD~1:f ü').split('\n').slice(3, 5);
  const hash = createHash('sha256')
    .update(`${shown.join('\n')}\n`)
    .digest('hex');
  expect(conversation?.ranges[0]?.content_hash).toBe(`sha256:${hash}`);
  expect(await ask(all)).toEqual({ records, known: 0 });
});

test('a turn is provisional, of its own lines alone, and needs no commit', async () => {
  const { ask, turn } = await record();
  const { records } = await ask({ turns: [turn] });
  expect(records.map(listRanges)).toEqual([[['f ü', 'ai', 4, 5]]]);
  expect(records[0]?.vcs).toBeUndefined();
  expect(records[0]?.metadata['dev.clew'].provisional).toBe(true);
  expect(judge(records[0])).toBe(true);
});

test.each([
  ['rebase', 'git rebase -q --onto side main~2 main', 2],
  ['squash', 'git reset -q --soft HEAD~2 && git commit -qm squashed', 1],
  ['cherry-pick', 'git checkout -q side && git cherry-pick main~1 main && git branch -qf main', 2],
  ['amend', 'git commit -q --amend -m "other words"', 1],
])('after %s the new records supersede the old, and every hash verifies', async (_, sh, fresh) => {
  const { add, verify, root } = await record();
  git(root, 'branch', 'side', 'HEAD~2');
  const old = await add(all);
  git(root, 'checkout', '-q', 'side');
  writeFileSync(join(root, 'other'), 'x');
  writeFileSync(join(root, 'f ü'), `shifted\n${lines.join('')}`);
  git(root, 'add', '-A', '--', 'other', 'f ü');
  git(root, 'commit', '-qm', 'side');
  git(root, 'checkout', '-q', 'main');
  execFileSync('sh', ['-c', sh], { cwd: root, env: gitEnv, stdio: 'pipe' });
  const since = { revs: [`${git(root, 'rev-list', '--max-parents=0', 'HEAD')}..HEAD`] };
  const { records } = await add(since);
  const again = records.filter((it) => it.metadata['dev.clew'].supersedes !== undefined);
  expect(again).toHaveLength(fresh);
  const names = new Set(again.flatMap((it) => it.metadata['dev.clew'].supersedes ?? []));
  expect([...names].every((id) => old.records.some((it) => it.id === id))).toBe(true);
  git(root, 'reflog', 'expire', '--expire=all', '--all');
  git(root, 'gc', '-q', '--prune=now');
  expect(await verify()).toMatchObject({ problems: [], sound: true });
  expect((await add(since)).records).toEqual([]);
});

test('a model and an agent are named where the journal knows them, and no path of this machine', async () => {
  const { ask, folder } = await record();
  expect(JSON.stringify(await ask(all))).not.toContain(folder);
});
