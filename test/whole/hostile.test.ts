/** A repository that was made to run things on whoever looks into it: nothing of it runs, whatever clew is asked. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import { commitAll, eventsOf, foundEvent, git, openTalk, runClew } from './talk.ts';

type Trap = {
  readonly env: Record<string, string>;
  /** What ran, one line each. */
  ran(): string[];
};

const hookNames = [
  ...['applypatch-msg', 'commit-msg', 'fsmonitor-watchman', 'post-applypatch', 'post-checkout'],
  ...[
    'post-commit',
    'post-index-change',
    'post-merge',
    'post-rewrite',
    'pre-auto-gc',
    'pre-commit',
  ],
  ...['pre-merge-commit', 'pre-push', 'pre-rebase', 'prepare-commit-msg', 'reference-transaction'],
];

/** Every way that we know in which a repository, or an environment, names a program for git. */
function setTraps(stage: Stage): Trap {
  const { workspace, folder } = stage;
  const log = join(folder, 'ran');
  const canary = join(workspace, 'tools', 'canary');
  mkdirSync(join(workspace, 'tools', 'bin'), { recursive: true });
  const script = `#!/bin/sh\necho "$0 $*" >>'${log}'\ncat\n`;
  const place = (path: string) => {
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  };
  place(canary);
  for (const it of ['git', 'sh', 'node', 'ps', 'less']) place(join(workspace, 'tools', 'bin', it));
  for (const name of ['a.txt', 'b.txt', '-rf', '--upload-pack=x', '$(touch pwned)', '`id`'])
    writeFileSync(join(workspace, name), 'one\n');
  for (const name of ['.clew.yml', 'clew.json'])
    writeFileSync(join(workspace, name), `command: ${canary}\nhooks: ${canary}\n`);
  commitAll(workspace);
  const hash = git(workspace, 'rev-parse', 'HEAD');
  // Refs are files: a name that no git would make is made all the same.
  for (const name of ['other', '--upload-pack=x', '$(touch pwned)', 'a;touch pwned'])
    writeFileSync(join(workspace, '.git', 'refs', 'heads', name), `${hash}\n`);
  writeFileSync(
    join(workspace, '.gitattributes'),
    '* filter=trap diff=trap merge=trap ident\n*.txt text eol=crlf working-tree-encoding=UTF-16\n',
  );
  writeFileSync(
    join(workspace, '.gitmodules'),
    `[submodule "s"]\n\tpath = s\n\turl = ext::${canary}\n\tupdate = !${canary}\n`,
  );
  mkdirSync(join(workspace, '.git', 'hooks'), { recursive: true });
  for (const name of hookNames) place(join(workspace, '.git', 'hooks', name));
  mkdirSync(join(workspace, 'hooked'));
  for (const name of hookNames) place(join(workspace, 'hooked', name));
  writeFileSync(join(workspace, '.git', 'more'), `[core]\n\tfsmonitor = ${canary}\n`);
  appendFileSync(
    join(workspace, '.git', 'config'),
    `[include]\n\tpath = more
[core]
\tfsmonitor = ${canary}\n\thooksPath = hooked\n\tpager = ${canary}\n\teditor = ${canary}
\tsshCommand = ${canary}\n\tgitProxy = ${canary}\n\taskPass = ${canary}
\talternateRefsCommand = ${canary}\n\tuntrackedCache = true
[filter "trap"]\n\tclean = ${canary}\n\tsmudge = ${canary}\n\tprocess = ${canary}\n\trequired = true
[diff]\n\texternal = ${canary}
[diff "trap"]\n\tcommand = ${canary}\n\ttextconv = ${canary}
[merge "trap"]\n\tdriver = ${canary}
[gpg]\n\tprogram = ${canary}
[commit]\n\tgpgsign = true
[credential]\n\thelper = ${canary}
[interactive]\n\tdiffFilter = ${canary}
[sequence]\n\teditor = ${canary}
[pager]\n\tstatus = ${canary}\n\tversion = ${canary}
[alias]\n\tversion = !${canary}\n\tst = !${canary}
[hook "trap"]\n\tevent = post-commit\n\tcommand = ${canary}
[extensions]\n\tpartialClone = origin
[remote "origin"]\n\turl = ext::${canary}\n\tuploadpack = ${canary}\n\treceivepack = ${canary}\n\tpromisor = true
[uploadpack]\n\tpackObjectsHook = ${canary}
[user]\n\temail = "$(touch pwned)"\n\tname = "\`touch pwned\`"
`,
  );
  const env = {
    PATH: `${join(workspace, 'tools', 'bin')}:.:tools/bin:${process.env.PATH}`,
    GIT_EXTERNAL_DIFF: canary,
    GIT_PAGER: canary,
    PAGER: canary,
    GIT_EDITOR: canary,
    GIT_SSH_COMMAND: canary,
    GIT_ASKPASS: canary,
    GIT_PROXY_COMMAND: canary,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: canary,
    GIT_EXEC_PATH: join(workspace, 'tools', 'bin'),
    GIT_TEMPLATE_DIR: workspace,
  };
  const ran = () =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .filter((it) => it !== '')
      : [];
  return { env, ran };
}

/** A person's own git would be caught: else these proofs prove nothing. */
function proveTraps(stage: Stage, { env, ran }: Trap): void {
  const real = { PATH: process.env.PATH, HOME: stage.folder };
  for (const args of [['status'], ['diff'], ['-c', 'user.name=a', 'commit', '-am', 'x']])
    spawnSync('git', args, { cwd: stage.workspace, env: real });
  spawnSync('/bin/sh', ['-c', 'git version'], { cwd: stage.workspace, env });
  const names = new Set(ran().map((it) => it.split(' ', 1)[0]?.split('/').slice(-2).join('/')));
  expect(names).toContain('tools/canary');
  expect(names).toContain('bin/git');
  rmSync(join(stage.folder, 'ran'));
}

/** As a checkout would, without one. */
function switchByHand({ workspace }: Stage, branch: string): void {
  const log = join(workspace, '.git', 'logs', 'HEAD');
  const [, last = ''] = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)?.split(' ') ?? [];
  const who = '$(touch pwned) <`id`@x> 1700000000 +0000';
  appendFileSync(log, `${last} ${last} ${who}\tcheckout: moving from x to ${branch}\n`);
  // At once, as git does it.
  writeFileSync(join(workspace, '.git', 'HEAD.lock'), `ref: refs/heads/${branch}\n`);
  renameSync(join(workspace, '.git', 'HEAD.lock'), join(workspace, '.git', 'HEAD'));
}

test('a session, its drift, and every command that looks at the repository', async () => {
  await using stage = openStage();
  const trap = setTraps(stage);
  proveTraps(stage, trap);
  const { env } = trap;
  const turns = [[{ read: 'a.txt' }, { edit: 'b.txt', text: 'agent\n' }], [{ say: 'x' }]];
  const talk = await openTalk(stage, { turns }, { env, options: ['--drift-context'] });
  await talk.take();
  await foundEvent(stage, 'checkpoint-taken', (it) => it.reason === 'turn');
  for (const branch of ['other', '$(touch pwned)', '--upload-pack=x']) {
    switchByHand(stage, branch);
    await talk.take();
  }
  // Who looks just between the log and HEAD, which no git leaves apart for longer, may tell of it in two steps.
  expect([...new Set(eventsOf(stage, 'head-moved').map((it) => it.branch))]).toEqual([
    'other',
    '$(touch pwned)',
    '--upload-pack=x',
  ]);
  for (const words of [
    ['status'],
    ['doctor'],
    ['drift'],
    ['drift', 'ignore'],
    ['drift', '--json'],
    ['log'],
    ['hooks', 'status'],
    ['hooks', 'install', '--dry-run'],
    ['checkpoint'],
    ['diff'],
    ['undo', '--dry-run'],
    ['state'],
    ['verify'],
  ]) {
    const { stderr, signal } = await runClew(stage, words, { env });
    expect([words, signal, stderr.includes('mistake in clew')]).toEqual([words, null, false]);
  }
  await talk.leave();
  expect(trap.ran()).toEqual([]);
  const everywhere = [stage.workspace, stage.folder, join(stage.workspace, '.git')];
  expect(everywhere.flatMap((it) => readdirSync(it)).filter((it) => it === 'pwned')).toEqual([]);
});

test.runIf(process.getuid?.() === 0)(
  'a repository of another user is not looked after',
  async () => {
    await using stage = openStage();
    const trap = setTraps(stage);
    chownSync(join(stage.workspace, '.git'), 12_345, 12_345);
    const told = await runClew(stage, ['doctor'], { env: trap.env });
    expect(told.code).toBe(9);
    expect(told.stdout).toContain('.git belongs to another user');
    const install = await runClew(stage, ['hooks', 'install'], { env: trap.env });
    expect([install.code, install.stderr.includes('run clew as its owner')]).toEqual([8, true]);
    expect(trap.ran()).toEqual([]);
  },
);
