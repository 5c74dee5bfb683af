/** What people and agents do to files and history, as data: see stage.ts for how it is played. */
import { type Scenario, text } from './stage.ts';

const base = text('first line of ours', 'second line of ours', 'third line of ours');
const ours = 'second line of ours\n';
const agents = text('the agent wrote this here', 'and it went on with that');
const withAgents = text(
  'first line of ours',
  'second line of ours',
  'the agent wrote this here',
  'and it went on with that',
  'third line of ours',
);
const edit = ['f.txt', ours, ours + agents] as const;
const added = 'U U AW AW U';
const atSecond = 'U AW AW U U';
const commit = 'commit -qam work';
const patchOf = (after: string) => `@@ -2,1 +2,3 @@\n ${after}${agents.replace(/^(?=.)/gm, '+')}`;

/** A file long enough that changes at its two ends are no conflict. */
const long = Array.from({ length: 12 }, (_, at) => `line number ${at + 1} of the file`);
const longBefore = text(...long);
const six = `${long[5]}\n`;
const longEdit = ['f.txt', six, six + agents] as const;
const nearEnd = ['f.txt', `${long[10]}\n`, `${long[10]}\nB was here near the end\n`] as const;
const nobodys = (lines: number) => new Array(lines).fill('U').join(' ');
const longNow = 'U U U U U U AW AW U U U U U U';
const longBoth = 'U U U U U U AW AW U U U U U BW U';
const atTop = `printf '%s\\n' 'a new head line from elsewhere' | cat - f.txt > t && mv t f.txt`;
/** On another branch, where the agent's lines come to stand. */
const theirs = `git checkout -q up && sed -i '/second line/a theirs stands here' f.txt && git commit -qam up`;
const someOfMany = Array.from({ length: 20 }, (_, at) => (at + 1) * 100);

export const scenarios: readonly Scenario[] = [
  {
    n: 1,
    name: 'a diff on the wire, then a commit',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit, head: { 'f.txt': added }, added: { 'f.txt': 'AW AW' } },
    ],
  },
  {
    n: 2,
    name: 'a formatter on save changes spaces, in the same step and later',
    files: { 'f.txt': 'a {\n}\n' },
    steps: [
      {
        agent: {
          agent: 'A',
          edit: ['f.txt', 'a {\n', "a {\n  const one = 'x';\n  const two = 2;\n"],
          disk: { 'f.txt': 'a {\n    const one = "x"\n  const two = 2;\n}\n' },
        },
        now: { 'f.txt': 'U AW+F AW U' },
      },
      {
        person: { 'f.txt': 'a {\n    const one = "x"\n    const two = 2;\n}\n' },
        look: true,
        now: { 'f.txt': 'U AW+F AW+F U' },
      },
    ],
  },
  {
    n: 3,
    name: 'a formatter breaks one line into several',
    files: { 'f.txt': 'begin\nend\n' },
    steps: [
      {
        agent: {
          agent: 'A',
          edit: ['f.txt', 'begin\n', 'begin\ncall(alpha, beta, gamma);\n'],
          disk: { 'f.txt': 'begin\ncall(\n  alpha,\n  beta,\n  gamma,\n);\nend\n' },
        },
        now: { 'f.txt': 'U AW+F AW+F AW+F AW+F AW+F U' },
      },
      {
        person: {
          'f.txt': 'begin\ncall(\n  alpha,\n  beta,\n  gamma,\n  delta,\n);\nend\n',
        },
        look: true,
        now: { 'f.txt': 'U AW+F AW+F AW+F AW+F U AW+F U' },
      },
    ],
  },
  {
    n: 3,
    name: 'a line is broken later, and somebody adds to it at once',
    files: { 'f.txt': 'begin\nend\n' },
    steps: [
      {
        agent: { agent: 'A', edit: ['f.txt', 'begin\n', 'begin\ncall(alpha, beta);\n'] },
        now: { 'f.txt': 'U AW U' },
      },
      {
        person: { 'f.txt': 'begin\ncall(\n  alpha,\n  extra,\n  beta,\n);\nend\n' },
        look: true,
        now: { 'f.txt': 'U AW+F AW+F U AW+F AW+F U' },
      },
    ],
  },
  {
    n: 4,
    name: 'a person edits one line of an agent',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      {
        person: `sed -i 's/the agent wrote/a person changed/' f.txt`,
        now: { 'f.txt': 'U U U AW U' },
      },
      { look: true },
      { git: commit, head: { 'f.txt': 'U U U AW U' } },
    ],
  },
  {
    n: 5,
    name: 'a person types next to an agent’s lines',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      {
        person: `sed -i '/the agent wrote/a typed in between by hand' f.txt; echo typed at the end >> f.txt`,
        now: { 'f.txt': 'U U AW U AW U U' },
      },
      { git: commit, head: { 'f.txt': 'U U AW U AW U U' }, added: { 'f.txt': 'AW U AW U' } },
    ],
  },
  {
    n: 6,
    name: 'an agent works here, a person commits in another repository, inside of this one or beside it',
    files: { 'f.txt': base, 'other/.keep': '' },
    beside: { 'f.txt': base, 'g.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      {
        person:
          'git -C other init -q . && printf "typed by hand\\n" > other/g.txt && git -C other add g.txt && git -C other commit -qm x',
        now: { 'other/g.txt': 'U' },
      },
      { look: true },
      { isBeside: true, look: true, now: { 'f.txt': 'U U U' } },
      // The very bytes that the agent wrote here, at the same path.
      { isBeside: true, person: { 'f.txt': withAgents }, now: { 'f.txt': 'U U U U U' } },
      { isBeside: true, git: commit, added: { 'f.txt': 'U U' } },
      // And while a command of the agent runs here, which may have done anything.
      {
        agent: {
          agent: 'A',
          run: 'echo by the command >> f.txt; cd ../beside && echo typed by hand >> g.txt && git commit -qam while',
        },
        now: { 'f.txt': `${added} AX` },
      },
      {
        isBeside: true,
        look: true,
        now: { 'g.txt': 'U U U U' },
        head: { 'f.txt': 'U U U U U', 'g.txt': 'U U U U' },
        added: { 'g.txt': 'U' },
      },
      { git: commit, head: { 'f.txt': `${added} AX` }, added: { 'f.txt': 'AW AW AX' } },
    ],
  },
  {
    n: 7,
    name: 'the editor saves the same bytes right after the agent',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { person: { 'f.txt': withAgents }, look: true, now: { 'f.txt': added } },
    ],
  },
  {
    n: 8,
    name: 'two agents in one file at once, each by its own claim',
    files: { 'f.txt': longBefore },
    steps: [
      {
        agents: [
          { agent: 'A', edit: ['f.txt', `${long[1]}\n`, `${long[1]}\nA was here at the top\n`] },
          { agent: 'B', edit: ['f.txt', `${long[9]}\n`, `${long[9]}\nB was here further down\n`] },
        ],
        now: { 'f.txt': 'U U AW U U U U U U U U BW U U' },
      },
      { git: commit, added: { 'f.txt': 'AW BW' } },
    ],
  },
  {
    n: 9,
    name: 'two agents run commands at once, and nobody tells anything',
    files: { 'f.txt': base },
    steps: [
      {
        agents: [
          { agent: 'A', run: 'echo from one of the two >> f.txt' },
          { agent: 'B', run: 'true' },
        ],
        now: { 'f.txt': 'U U U C' },
      },
    ],
  },
  {
    n: 10,
    name: 'sed by the only agent at work',
    files: { 'f.txt': base },
    steps: [
      {
        agent: { agent: 'A', run: `sed -i 's/second line/changed line/' f.txt` },
        now: { 'f.txt': 'U AX U' },
      },
      { git: commit, added: { 'f.txt': 'AX' } },
    ],
  },
  {
    n: 11,
    name: 'a generator that still writes when its tool call has ended',
    files: { 'f.txt': base },
    steps: [
      {
        agent: { agent: 'A', run: 'echo made in time >> f.txt' },
        now: { 'f.txt': 'U U U AX' },
      },
      { person: 'echo made too late >> f.txt', now: { 'f.txt': 'U U U AX U' } },
      { look: true },
    ],
  },
  {
    n: 12,
    name: 'an agent takes its own edit back',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { agent: { agent: 'A', edit: ['f.txt', agents, ''] }, now: { 'f.txt': 'U U U' } },
    ],
  },
  {
    n: 13,
    name: 'an agent moves a person’s block',
    files: { 'f.txt': longBefore },
    steps: [
      {
        agent: {
          agent: 'A',
          whole: { 'f.txt': text(...long.slice(4, 9), ...long.slice(0, 4), ...long.slice(9)) },
        },
        now: { 'f.txt': 'U U U U U U+M U+M U+M U+M U U U' },
      },
    ],
  },
  {
    n: 14,
    name: 'staged in part, over two commits',
    files: { 'f.txt': longBefore },
    steps: [
      {
        agent: { agent: 'A', edit: ['f.txt', `${long[1]}\n`, `${long[1]}\nfirst of the two\n`] },
        now: { 'f.txt': 'U U AW U U U U U U U U U U' },
      },
      {
        agent: { agent: 'B', edit: ['f.txt', `${long[9]}\n`, `${long[9]}\nsecond of the two\n`] },
        now: { 'f.txt': 'U U AW U U U U U U U U BW U U' },
      },
      {
        person: `git diff -U0 > p && printf '%s\\n' "$(sed -n 1,4p p)" > h1 && grep -n '^@@' p | tail -1 | cut -d: -f1 > n && sed -n "1,$(( $(cat n) - 1 ))p" p | git apply --cached --unidiff-zero && rm p h1 n`,
      },
      { git: 'commit -qm one', added: { 'f.txt': 'AW' } },
      { git: 'commit -qam two', added: { 'f.txt': 'BW' } },
    ],
  },
  {
    n: 15,
    name: 'an amend that adds a person’s lines',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: 'echo typed for the amend >> f.txt && git commit -qa --amend -m work',
        now: { 'f.txt': 'U U AW AW U U' },
        head: { 'f.txt': 'U U AW AW U U' },
        added: { 'f.txt': 'AW AW U' },
      },
    ],
  },
  {
    n: 16,
    name: 'an amend of the message alone',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit, added: { 'f.txt': 'AW AW' } },
      { git: 'commit -q --amend -m better', head: { 'f.txt': added }, added: { 'f.txt': 'AW AW' } },
    ],
  },
  {
    n: 17,
    name: 'a rebase that shifts the lines',
    files: { 'f.txt': longBefore },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: commit, added: { 'f.txt': 'AW AW' } },
      {
        person: `git checkout -q up && ${atTop} && git commit -qam up && git checkout -q main`,
      },
      {
        git: 'rebase -q up',
        now: { 'f.txt': `U ${longNow}` },
        head: { 'f.txt': `U ${longNow}` },
        added: { 'f.txt': 'AW AW' },
      },
      { look: true },
    ],
  },
  {
    n: 18,
    name: 'commits reordered, one split by file and by hunk, one dropped',
    files: { 'f.txt': longBefore, 'g.txt': base, 'h.txt': base },
    steps: [
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      {
        agent: {
          agent: 'B',
          edit: nearEnd,
        },
        now: { 'f.txt': longBoth },
      },
      {
        agent: { agent: 'B', edit: ['g.txt', ours, ours + agents] },
        now: { 'g.txt': 'U U BW BW U' },
      },
      { git: 'commit -qam three-things', added: { 'f.txt': 'AW AW BW', 'g.txt': 'BW BW' } },
      { person: 'echo typed by hand >> g.txt', now: { 'g.txt': 'U U BW BW U U' } },
      { git: 'commit -qam dropped', added: { 'g.txt': 'U' } },
      {
        agent: { agent: 'A', edit: ['h.txt', ours, `A has words\nof its own\n${ours}`] },
        now: { 'h.txt': atSecond },
      },
      { git: 'commit -qam first', added: { 'h.txt': 'AW AW' } },
      {
        person: `GIT_SEQUENCE_EDITOR="sed -i -e '/dropped/d' -e '/three-things/{s/^pick/edit/;h;d}' -e '/first/G'" git rebase -q -i HEAD~3`,
        now: { 'g.txt': 'U U BW BW U' },
        head: { 'h.txt': atSecond },
      },
      {
        person: `git reset -q HEAD~1 && printf 's\\ny\\nn\\n' | git add -p f.txt && git commit -qm hunk`,
        head: { 'f.txt': longNow, 'h.txt': atSecond },
        added: { 'f.txt': 'AW AW' },
      },
      {
        git: 'commit -qm rest f.txt',
        head: { 'f.txt': longBoth },
        added: { 'f.txt': 'BW' },
      },
      {
        git: 'commit -qam file && git rebase --continue',
        head: { 'g.txt': 'U U BW BW U', 'h.txt': atSecond },
        added: { 'g.txt': 'BW BW' },
      },
      { look: true },
    ],
  },
  {
    n: 19,
    name: 'a squash of three commits by two agents and a person',
    files: { 'f.txt': longBefore },
    steps: [
      {
        agent: {
          agent: 'A',
          edit: ['f.txt', `${long[1]}\n`, `${long[1]}\nA was here at the top\n`],
        },
        now: { 'f.txt': 'U U AW U U U U U U U U U U' },
      },
      { git: commit },
      {
        agent: {
          agent: 'B',
          edit: ['f.txt', `${long[9]}\n`, `${long[9]}\nB was here further down\n`],
        },
        now: { 'f.txt': 'U U AW U U U U U U U U BW U U' },
      },
      { git: commit },
      {
        person: 'echo typed by hand >> f.txt',
        now: { 'f.txt': 'U U AW U U U U U U U U BW U U U' },
      },
      { git: commit },
      {
        person: 'git reset -q --soft HEAD~3 && git commit -qm squashed',
        added: { 'f.txt': 'AW BW U' },
      },
    ],
  },
  {
    n: 20,
    name: 'pull --rebase --autostash on changed files',
    files: { 'f.txt': longBefore },
    steps: [
      {
        person: `git clone -q . ../up && cd ../up && ${atTop} && git commit -qam up && cd - && git remote add origin "$PWD/../up" && git fetch -q origin && git branch -q -u origin/main`,
      },
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: 'pull -q --rebase --autostash', now: { 'f.txt': `U ${longNow}` } },
      { look: true },
      { git: commit, added: { 'f.txt': 'AW AW' } },
    ],
  },
  {
    n: 21,
    name: 'a conflict of a rebase, resolved by hand',
    files: { 'f.txt': base },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: `${theirs} && git checkout -q main`,
      },
      { gitFails: 'rebase -q up', now: { 'f.txt': '' } },
      {
        person: {
          'f.txt': text(
            'first line of ours',
            'second line of ours',
            'theirs stands here',
            'the agent wrote this here, mended',
            'and it went on with that',
            'third line of ours',
          ),
        },
      },
      {
        git: 'add f.txt && git rebase --continue',
        now: { 'f.txt': 'U U U U AW U' },
        head: { 'f.txt': 'U U U U AW U' },
      },
      { look: true },
    ],
  },
  {
    n: 22,
    name: 'the same, resolved by an agent',
    files: { 'f.txt': base },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: `${theirs} && git checkout -q main`,
      },
      { gitFails: 'rebase -q up', now: { 'f.txt': '' } },
      {
        agent: {
          agent: 'B',
          whole: {
            'f.txt': text(
              'first line of ours',
              'second line of ours',
              'theirs stands here',
              'B found another word for it',
              'and it went on with that',
              'third line of ours',
            ),
          },
        },
        now: { 'f.txt': 'U U U BW AW U' },
      },
      { git: 'add f.txt && git rebase --continue', head: { 'f.txt': 'U U U BW AW U' } },
    ],
  },
  {
    n: 23,
    name: 'rebase --abort',
    files: { 'f.txt': base },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: `${theirs} && git checkout -q main`,
      },
      { gitFails: 'rebase -q up', now: { 'f.txt': '' } },
      { look: true },
      { git: 'rebase --abort', now: { 'f.txt': added }, head: { 'f.txt': added } },
      { look: true },
    ],
  },
  {
    n: 24,
    name: 'cherry-pick of one and of many, and -n',
    files: { 'f.txt': longBefore },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: commit },
      {
        agent: {
          agent: 'B',
          edit: nearEnd,
        },
        now: { 'f.txt': longBoth },
      },
      { git: commit },
      {
        person: `git checkout -q up && ${atTop} && git commit -qam up`,
        now: { 'f.txt': nobodys(13) },
      },
      { git: 'cherry-pick main~1', now: { 'f.txt': `U ${longNow}` }, added: { 'f.txt': 'AW AW' } },
      {
        git: 'cherry-pick main',
        now: { 'f.txt': 'U U U U U U U AW AW U U U U U BW U' },
        added: { 'f.txt': 'BW' },
      },
      { git: 'reset -q --hard HEAD~2', now: { 'f.txt': nobodys(13) } },
      {
        git: 'cherry-pick main~2..main',
        now: { 'f.txt': 'U U U U U U U AW AW U U U U U BW U' },
        added: { 'f.txt': 'BW' },
      },
      { git: 'reset -q --hard HEAD~2', now: { 'f.txt': nobodys(13) } },
      { git: 'cherry-pick -n main~1', now: { 'f.txt': `U ${longNow}` } },
      { git: commit, added: { 'f.txt': 'AW AW' } },
    ],
  },
  {
    n: 24,
    name: 'cherry-pick with a conflict',
    files: { 'f.txt': base },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: theirs,
        now: { 'f.txt': 'U U U U' },
      },
      { gitFails: 'cherry-pick main', now: { 'f.txt': '' } },
      {
        person: `sed -i '/^[<=>]/d' f.txt && git add f.txt && git -c core.editor=true cherry-pick --continue`,
        now: { 'f.txt': 'U U U AW AW U' },
        added: { 'f.txt': 'AW AW' },
      },
    ],
  },
  {
    n: 25,
    name: 'reset: soft, mixed, hard, of a path',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      { git: 'reset -q --soft HEAD~1' },
      { git: commit, added: { 'f.txt': 'AW AW' } },
      { git: 'reset -q --mixed HEAD~1' },
      { look: true },
      { git: commit, added: { 'f.txt': 'AW AW' } },
      { git: 'reset -q --hard HEAD~1', now: { 'f.txt': 'U U U' } },
      { look: true },
      { git: 'reset -q --hard HEAD@{1}', now: { 'f.txt': added } },
      { git: 'reset -q HEAD~1 -- f.txt' },
      { git: 'checkout -q HEAD~1 -- f.txt', now: { 'f.txt': 'U U U' } },
      { git: 'checkout -q HEAD -- f.txt', now: { 'f.txt': added } },
    ],
  },
  {
    n: 26,
    name: 'stash: push, pop, apply, on a shifted base, as a branch',
    files: { 'f.txt': longBefore },
    steps: [
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: 'stash -q', now: { 'f.txt': nobodys(12) } },
      { look: true },
      { git: 'stash apply -q', now: { 'f.txt': longNow } },
      { git: 'checkout -q f.txt', now: { 'f.txt': nobodys(12) } },
      { person: atTop, git: commit, now: { 'f.txt': nobodys(13) } },
      { look: true },
      { git: 'stash pop -q', now: { 'f.txt': `U ${longNow}` } },
      { look: true },
      { git: 'stash -q', now: { 'f.txt': nobodys(13) } },
      { git: 'stash branch side', now: { 'f.txt': `U ${longNow}` } },
      { git: commit, added: { 'f.txt': 'AW AW' } },
    ],
  },
  {
    n: 27,
    name: 'a merge without conflict, and one with',
    files: { 'f.txt': longBefore },
    steps: [
      { git: 'branch up' },
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: commit },
      {
        git: 'checkout -q up',
        now: { 'f.txt': nobodys(12) },
      },
      {
        agent: {
          agent: 'B',
          edit: nearEnd,
        },
        now: { 'f.txt': 'U U U U U U U U U U U BW U' },
      },
      { git: commit },
      {
        git: 'merge -q --no-edit main',
        now: { 'f.txt': longBoth },
        head: { 'f.txt': longBoth },
        added: { 'f.txt': '' },
      },
      { look: true },
      {
        person: `sed -i 's/the agent wrote this here/up has other words/' f.txt && git commit -qam up && git checkout -q main && sed -i 's/the agent wrote this here/main has yet others/' f.txt && git commit -qam main`,
        now: { 'f.txt': 'U U U U U U U AW U U U U U U' },
      },
      { gitFails: 'merge -q --no-edit up', now: { 'f.txt': '' } },
      {
        person: `sed -i -e '/^[<=>]/d' -e '/up has other/d' f.txt && git commit -qam merged`,
        now: { 'f.txt': 'U U U U U U U AW U U U U U BW U' },
        added: { 'f.txt': '' },
      },
    ],
  },
  {
    n: 28,
    name: 'a forge squashes the branch, and it is fetched',
    files: { 'f.txt': longBefore },
    steps: [
      { git: 'checkout -q -b topic' },
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: commit },
      { person: 'echo typed by hand >> f.txt', now: { 'f.txt': `${longNow} U` } },
      { git: commit },
      {
        person: `git clone -q . ../forge && cd ../forge && git checkout -q -b main origin/main && ${atTop} && git commit -qam other && git merge -q --squash origin/topic && git commit -qm 'Squashed (#1)'`,
      },
      { git: 'checkout -q main', now: { 'f.txt': nobodys(12) } },
      {
        git: 'pull -q ../forge main',
        now: { 'f.txt': `U ${longNow} U` },
        added: { 'f.txt': 'AW AW U' },
      },
    ],
  },
  {
    n: 29,
    name: 'revert, and revert of the revert',
    files: { 'f.txt': longBefore },
    steps: [
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: commit },
      { git: 'revert --no-edit HEAD', now: { 'f.txt': nobodys(12) } },
      { look: true },
      { person: atTop, git: commit, now: { 'f.txt': nobodys(13) } },
      {
        git: 'revert --no-edit HEAD~1',
        now: { 'f.txt': `U ${longNow}` },
        added: { 'f.txt': 'AW AW' },
      },
    ],
  },
  {
    n: 30,
    name: 'renamed, renamed and edited, copied, and by case alone',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: 'mv f.txt g.txt', now: { 'f.txt': '', 'g.txt': added } },
      { look: true },
      { git: commit, head: { 'g.txt': added } },
      {
        person: `git mv g.txt h.txt && echo typed by hand >> h.txt`,
        look: true,
        now: { 'g.txt': '', 'h.txt': `${added} U` },
      },
      { git: commit, head: { 'h.txt': `${added} U` }, added: { 'h.txt': 'U' } },
      { person: 'cp h.txt copy.txt', now: { 'copy.txt': `${added} U` } },
      { look: true },
      { git: 'mv h.txt H.txt', now: { 'h.txt': '', 'H.txt': `${added} U` } },
      { look: true },
      { git: 'add -A' },
      { git: commit, head: { 'H.txt': `${added} U`, 'copy.txt': `${added} U` } },
    ],
  },
  {
    n: 30,
    name: 'renamed and edited while nobody looked, then committed',
    files: { 'f.txt': longBefore },
    steps: [
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { git: commit },
      {
        person: `git mv f.txt g.txt && echo typed by hand >> g.txt && git commit -qam renamed`,
        now: { 'f.txt': '', 'g.txt': `${longNow} U` },
        head: { 'g.txt': `${longNow} U` },
        added: { 'g.txt': 'U' },
      },
    ],
  },
  {
    n: 30,
    name: 'the same bytes in another file: by a command a copy, by a claim the writing of whoever tells it',
    files: { 'f.txt': base, 'g.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      {
        agent: { agent: 'B', edit: ['g.txt', ours, ours + agents] },
        now: { 'g.txt': 'U U BW BW U' },
      },
      { agent: { agent: 'B', whole: { 'h.txt': withAgents } }, now: { 'h.txt': 'BW BW BW BW BW' } },
      { agent: { agent: 'B', run: 'cp f.txt copy.txt' }, now: { 'copy.txt': added } },
      { person: 'git add -A' },
      { git: commit, head: { 'f.txt': added, 'g.txt': 'U U BW BW U', 'h.txt': 'BW BW BW BW BW' } },
      { look: true, forget: true, now: { 'f.txt': added, 'copy.txt': added } },
    ],
  },
  {
    n: 31,
    name: 'a branch switch with a changed file',
    files: { 'f.txt': base, 'g.txt': base },
    steps: [
      { git: 'branch side' },
      { agent: { agent: 'A', edit }, now: { 'f.txt': added, 'g.txt': 'U U U' } },
      { git: 'checkout -q side' },
      { look: true },
      { git: commit, added: { 'f.txt': 'AW AW' } },
      { git: 'checkout -q main', now: { 'f.txt': 'U U U' } },
      { git: 'checkout -q side', now: { 'f.txt': added } },
    ],
  },
  {
    n: 32,
    name: 'two worktrees: what was committed in one is known in the other by its bytes',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: `git worktree add -q ../linked -b side && cd ../linked && echo typed there >> f.txt && git commit -qam there`,
      },
      { git: 'merge -q side', now: { 'f.txt': `${added} U` }, added: { 'f.txt': 'U' } },
    ],
  },
  {
    n: 33,
    name: 'line ends, a mark at the beginning, no last line end, other encodings, and each committed',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit, head: { 'f.txt': added }, added: { 'f.txt': 'AW AW' } },
      { person: `sed -i 's/$/\\r/' f.txt`, now: { 'f.txt': added } },
      { git: commit, head: { 'f.txt': added }, added: { 'f.txt': '' } },
      { agent: { agent: 'B', run: `sed -i 's/\\r$//' f.txt` }, now: { 'f.txt': added } },
      { agent: { agent: 'B', run: `sed -i 's/$/\\r/' f.txt` } },
      {
        person: `printf '\\357\\273\\277' | cat - f.txt > t && mv t f.txt`,
        now: { 'f.txt': added },
      },
      { git: commit, head: { 'f.txt': added }, added: { 'f.txt': '' } },
      { person: `printf '%s' "$(cat f.txt)" > t && mv t f.txt`, now: { 'f.txt': added } },
      { git: commit, head: { 'f.txt': added }, added: { 'f.txt': '' } },
      { look: true },
      { person: `printf 'caf\\351\\n' >> f.txt`, now: { 'f.txt': 'U U AW AW U' } },
      { git: commit, head: { 'f.txt': 'U U AW AW U' }, added: { 'f.txt': 'U' } },
    ],
  },
  {
    n: 33,
    name: 'NUL, always there, or coming and going',
    files: { 'f.txt': base, 'always.bin': 'a\0b\n' },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added, 'always.bin': 'binary' } },
      { git: commit, added: { 'f.txt': 'AW AW' } },
      {
        agent: { agent: 'B', run: `printf 'c\\0d\\n' >> always.bin` },
      },
      { git: commit, added: { 'always.bin': 'binary' } },
      { person: `printf 'x\\0y\\n' >> f.txt`, look: true, now: { 'f.txt': 'binary' } },
      { git: commit, added: { 'f.txt': 'binary' } },
      { agent: { agent: 'B', run: `sed -i 's/\\x00/ /' f.txt` }, now: { 'f.txt': `${added} BX` } },
      { git: commit, head: { 'f.txt': `${added} BX` }, added: { 'f.txt': 'BX' } },
      { agent: { agent: 'B', run: `printf 'p\\0q\\n' >> f.txt` }, now: { 'f.txt': 'binary' } },
      { git: commit, added: { 'f.txt': 'binary' } },
      // And nobody looks.
      {
        person: `sed -i 's/\\x00/ /' f.txt && git commit -qam person`,
        now: { 'f.txt': `${added} BX U` },
        head: { 'f.txt': `${added} BX U` },
        added: { 'f.txt': 'U' },
      },
      { look: true, forget: true },
    ],
  },
  {
    n: 34,
    name: 'lock files and generated ones are listed, and not counted',
    files: { 'f.txt': base },
    steps: [
      {
        agent: {
          agent: 'A',
          run: `echo '{}' > package-lock.json; echo 'x' > a.min.js; printf '// @generated by a tool\\nlet a = 1;\\n' > made.ts; mkdir -p vendor && echo y > vendor/z.c; echo 'counted as a line' > counted.ts; git add -A`,
        },
      },
      {
        git: commit,
        added: {
          'a.min.js': 'minified',
          'counted.ts': 'AX',
          'made.ts': 'generated',
          'package-lock.json': 'lock file',
          'vendor/z.c': 'vendored',
        },
      },
    ],
  },
  {
    n: 35,
    name: 'common lines that a person types after the agent',
    files: { 'f.txt': 'first() {\n  one();\n}\n' },
    steps: [
      {
        agent: {
          agent: 'A',
          edit: ['f.txt', '  one();\n}\n', '  one();\n}\nsecond() {\n  two();\n}\n'],
        },
        now: { 'f.txt': 'U U U AW AW AW' },
      },
      {
        person: `printf 'third() {\\n  three();\\n}\\n' >> f.txt`,
        now: { 'f.txt': 'U U U AW AW AW U U U' },
      },
      { git: commit, head: { 'f.txt': 'U U U AW AW AW U U U' } },
      { person: `printf '}\\n' > g.txt`, now: { 'g.txt': 'U' } },
      { look: true },
    ],
  },
  {
    n: 36,
    name: 'a commit made by plumbing',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      {
        person: `blob=$(git hash-object -w f.txt) && git update-index --cacheinfo 100644,$blob,f.txt && git update-ref refs/heads/main $(git commit-tree $(git write-tree) -p HEAD -m plumbed)`,
        head: { 'f.txt': added },
        added: { 'f.txt': 'AW AW' },
      },
    ],
  },
  {
    n: 37,
    name: 'history rewritten elsewhere',
    files: { 'f.txt': base, 'g.txt': longBefore },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { git: commit },
      {
        person: `git clone -q . ../elsewhere && cd ../elsewhere && git checkout -q --orphan anew && git commit -qm 'all in one' && cd - && git fetch -q ../elsewhere anew && git reset -q --hard FETCH_HEAD`,
        head: { 'f.txt': added },
        added: { 'f.txt': added, 'g.txt': nobodys(12) },
      },
    ],
  },
  {
    n: 38,
    name: 'nobody looked during the turn, and the agent’s log is read later',
    files: { 'f.txt': base, 'g.txt': base },
    steps: [
      { look: true, now: { 'f.txt': 'U U U' } },
      { person: { 'f.txt': `${withAgents}typed by hand\n` }, now: { 'f.txt': 'U U U U U U' } },
      { look: true },
      {
        log: [
          ['f.txt', base, base.replace(ours, `${ours}the agent wrote this here\n`)],
          ['f.txt', base.replace(ours, `${ours}the agent wrote this here\n`), withAgents],
          ['g.txt', base, `${base}refused and never written\n`],
        ],
        now: { 'f.txt': 'U U logL logL U U', 'g.txt': 'U U U' },
      },
      { git: commit, added: { 'f.txt': 'logL logL U' } },
      { person: 'echo typed by hand >> g.txt', look: true, now: { 'g.txt': 'U U U U' } },
    ],
  },
  {
    n: 38,
    name: 'the same where the log has patches, and the wire told of some of it',
    files: { 'f.txt': base, 'g.txt': longBefore, 'h.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { look: true, now: { 'g.txt': nobodys(12), 'h.txt': 'U U U' } },
      // Nobody looks at that before the log is read.
      {
        person: {
          'g.txt': longBefore.replace(six, six + agents),
          'h.txt': `typed before\n${ours}typed by a person here\nand went on with that\n`,
        },
        now: { 'g.txt': 'U U U U U U U U U U U U U U', 'h.txt': 'U U U U' },
      },
      {
        patches: { 'f.txt': patchOf(ours), 'g.txt': patchOf(six), 'h.txt': patchOf(ours) },
        now: { 'g.txt': longNow.replaceAll('AW', 'patchesL') },
      },
      { patches: { 'f.txt': patchOf(ours), 'g.txt': patchOf(six), 'h.txt': patchOf(ours) } },
      {
        git: commit,
        added: { 'f.txt': 'AW AW', 'g.txt': 'patchesL patchesL', 'h.txt': 'U U U' },
      },
    ],
  },
  {
    n: 39,
    name: 'clocks that go wrong',
    files: { 'f.txt': base },
    steps: [
      { agent: { agent: 'A', edit }, now: { 'f.txt': added } },
      { person: 'touch -d 1999-01-01 f.txt' },
      { look: true },
      {
        person: `GIT_AUTHOR_DATE='2001-01-01T00:00:00Z' GIT_COMMITTER_DATE='2037-01-01T00:00:00Z' git commit -qam work`,
        added: { 'f.txt': 'AW AW' },
      },
      {
        person: `echo typed by hand >> f.txt && touch -d 2037-01-01 f.txt`,
        now: { 'f.txt': `${added} U` },
      },
      { look: true },
    ],
  },
  {
    n: 39,
    name: 'a clock that is set back and forward while things are recorded',
    files: { 'f.txt': longBefore },
    steps: [
      { agent: { agent: 'A', edit: longEdit }, now: { 'f.txt': longNow } },
      { clockMs: -7_200_000, look: true },
      {
        agent: {
          agent: 'B',
          edit: nearEnd,
        },
        now: { 'f.txt': longBoth },
      },
      {
        person: 'echo typed by hand >> f.txt',
        now: { 'f.txt': 'U U U U U U AW AW U U U U U BW U U' },
      },
      { git: commit, look: true, added: { 'f.txt': 'AW AW BW U' } },
      {
        clockMs: 86_400_000,
        agent: { agent: 'A', run: `sed -i 's/^line number 1 /line number one /' f.txt` },
        now: { 'f.txt': 'AX U U U U U AW AW U U U U U BW U U' },
      },
      {
        clockMs: 0,
        agent: { agent: 'B', edit: ['f.txt', agents, ''] },
        now: { 'f.txt': 'AX U U U U U U U U U U BW U U' },
      },
      {
        clockMs: -60_000,
        git: 'checkout -q f.txt',
        now: { 'f.txt': 'U U U U U U AW AW U U U U U BW U U' },
      },
      { look: true, forget: true },
    ],
  },
  {
    n: 40,
    name: 'one line of a file of 10,000, and 2,000 files at once',
    files: { 'f.txt': text(...Array.from({ length: 10_000 }, (_, at) => `line ${at + 1}`)) },
    steps: [
      {
        agent: { agent: 'A', edit: ['f.txt', 'line 5000\n', 'the agent has this line\n'] },
        now: {
          'f.txt': Array.from({ length: 10_000 }, (_, at) => (at === 4999 ? 'AW' : 'U')).join(' '),
        },
      },
      {
        agent: {
          agent: 'B',
          run: 'for n in $(seq 2000); do echo "made as number $n" > many$n; done',
        },
        now: Object.fromEntries(someOfMany.map((n) => [`many${n}`, 'BX'])),
      },
    ],
  },
];
