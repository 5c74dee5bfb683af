/** A folder without git, larger than one look before a prompt can take in: nobody waits for it, it is said, and made whole behind. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSoak } from '../soak.ts';
import { openStage, type Stage } from './stage.ts';
import {
  eventsOf,
  foundEvent,
  git,
  judgeStores,
  listCheckpoints,
  openTalk,
  readTexts,
  runClew,
  stateFolders,
  undo,
} from './talk.ts';

/** In a soak so many that no machine has read them by the first prompt. */
const folders = isSoak ? 2_000 : 8;
const filesEach = 100;

function fill({ workspace }: Stage): void {
  for (let folder = 0; folder < folders; folder += 1) {
    const place = join(workspace, `p${folder % 20}`, `q${folder}`);
    mkdirSync(place, { recursive: true });
    for (let id = 0; id < filesEach; id += 1)
      writeFileSync(join(place, `f${id}`), `${folder} ${id}\n`);
  }
}

test(`${folders * filesEach} files, and the agent at work at once`, {
  timeout: 600_000,
}, async () => {
  await using stage = openStage();
  fill(stage);
  const talk = await openTalk(
    stage,
    {
      turns: [
        [{ shell: 'echo early >> p0/q0/f1' }],
        [{ shell: 'echo agent >> p1/q1/f1; rm p2/q2/f2; echo new > new' }],
      ],
    },
    { hasty: true },
  );
  await talk.take();
  const [first] = eventsOf(stage, 'turn-started');
  await foundEvent(stage, 'checkpoint-taken', ({ reason }) => reason === 'turn');
  // Whoever asks for one gets a whole one, and what comes after it is whole too.
  expect(await runClew(stage, ['checkpoint'])).toMatchObject({ code: 0 });
  await talk.take();
  await talk.leave();
  const cards = await listCheckpoints(stage);
  const begun = cards.find((it) => it.turn === first?.turn && it.reason === 'prompt');
  const isCut = begun?.degraded === 'still sweeping';
  if (isSoak) expect(isCut).toBe(true);
  if (isCut) expect(talk.running.stderr()).toContain('before a turn is not whole yet');
  // The last one has every file, as git counts them.
  const store = join(stateFolders(stage)[0] ?? '', 'store.git');
  const [newest] = cards;
  expect(newest).toMatchObject({ reason: 'turn' });
  expect(newest?.degraded).toBeUndefined();
  const tree = `${newest?.commit}:tree`;
  const listed = git(stage.folder, '--git-dir', store, 'ls-tree', '-r', '--name-only', tree);
  expect(listed.split('\n')).toHaveLength(folders * filesEach);
  expect(judgeStores(stage)).toEqual([]);
  const done = await undo(stage);
  expect(done).toMatchObject({ skipped: [], removed: ['new'] });
  expect(done.written?.toSorted()).toEqual(['p1/q1/f1', 'p2/q2/f2']);
  // Of what was done before all had been seen nobody can tell, and nobody does.
  if (!isSoak) return;
  const refused = await runClew(stage, ['undo', first?.turn ?? '']);
  expect(refused).toMatchObject({ code: 8, stdout: '' });
  expect(refused.stderr).toContain('began before all files had been looked at');
  expect(readTexts(stage.workspace)['p0/q0/f1']).toBe('0 1\nearly\n');
});
