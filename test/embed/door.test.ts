/** The package as a host meets it: found by its name, typed, and letting the host's process end by itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../scratch.ts';

const repository = resolve(import.meta.dirname, '../..');

/** A folder with the built package among its own, as npm would have put it there. */
function makeHost(): string {
  const folder = makeFolder('host');
  mkdirSync(join(folder, 'node_modules'));
  mkdirSync(join(folder, 'workspace'));
  symlinkSync(repository, join(folder, 'node_modules', 'clew'));
  return folder;
}

test('a host without TypeScript saves, goes back, and ends though it never closed', () => {
  const folder = makeHost();
  const host = `
    import { writeFileSync } from 'node:fs';
    import { Failure, MessageRewindManager, ShadowCheckpointService } from 'clew';
    const service = new ShadowCheckpointService({
      taskId: 'task-1', workspacePath: 'workspace', storagePath: 'storage', logger: console,
    });
    const { baseHash } = await service.init();
    writeFileSync('workspace/a', 'one');
    const saved = await service.saveCheckpoint('one');
    const [diff] = await service.getDiff({ from: saved.base, to: saved.commit });
    await service.restoreCheckpoint(baseHash);
    const refused = await service.getDiff({ from: 'nothing' }).catch((error) => error);
    const { removedCount } = new MessageRewindManager().rewindToIndex([{}, {}], 0);
    process.stdout.write(JSON.stringify([
      diff.path.relative, diff.content, refused instanceof Failure && refused.code, removedCount,
    ]));
  `;
  writeFileSync(join(folder, 'host.mjs'), host);
  const done = spawnSync(process.execPath, ['host.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(done.status, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toEqual(['a', { before: '', after: 'one' }, 'unknown-id', 1]);
  expect(readdirSync(join(folder, 'workspace'))).toEqual([]);
  const again = spawnSync(process.execPath, ['host.mjs'], { cwd: folder, encoding: 'utf8' });
  expect([again.status, again.stdout]).toEqual([0, done.stdout]);
});

test.each(['nodenext', 'preserve'])(
  'a host with TypeScript sees types that hold (module %s)',
  (module) => {
    const folder = makeHost();
    const host = `
    import { MessageRewindManager, type ShadowCheckpoint, ShadowCheckpointService } from 'clew';
    const service = new ShadowCheckpointService({
      taskId: 't', workspacePath: '.', storagePath: 's', logger: console,
    });
    service.on('checkpoint', ({ toHash, base }) => [toHash.length, base.length]);
    service.on('error', ({ error }) => error.message);
    export const saved: ShadowCheckpoint | null = await service.saveCheckpoint('m', {
      allowEmpty: true, checkpointId: 'c', checkpointManager: { updateMetadata: async () => {} },
    });
    // @ts-expect-error: it may be null
    export const commit: string = saved.commit;
    // @ts-expect-error: there is no such event
    service.on('nothing', () => {});
    const [diff] = await service.getDiff({ to: saved?.commit ?? '' });
    export const after: string | undefined = diff?.content.after;
    const messages = [{ role: 'user', content: 'a' }];
    const rewound = new MessageRewindManager().rewindToIndex(messages, 0, { includeTarget: true });
    export const role: string | undefined = rewound.messages[0]?.role;
  `;
    writeFileSync(join(folder, 'host.mts'), host);
    const compilerOptions = {
      module,
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable'],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(repository, 'node_modules', '@types')],
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['host.mts'] }),
    );
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
    const compile = () =>
      execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8', stdio: 'pipe' });
    expect(compile()).toBe('');
  },
);
