/** Every operation of git is in the journal once, with its cause and who did it: with hooks, without, and told later. */
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RepoEvent } from '../../src/drift/fold-moves.ts';
import { findWatched } from '../../src/recorder/find-watched.ts';
import { openDesk } from '../../src/recorder/open-desk.ts';
import { openWatches } from '../../src/recorder/open-watches.ts';
import { openBranches } from '../../src/repo/open-branches.ts';
import { beginCursor, type RepoCursor, readMoves } from '../../src/repo/read-moves.ts';
import { openClock } from '../../src/store/clock.ts';
import { openStateHome } from '../../src/store/state-folder.ts';
import { ask } from '../methods/recorded.ts';
import {
  cases,
  checkChain,
  checkShapes,
  openStage,
  run,
  type Stage,
  tell,
  withoutActor,
} from '../repo/operations.ts';
import { openTableMirror } from '../repo/table-mirror.ts';
import { readEvents } from '../whole/journals.ts';

/** A sidecar's desk and watch in the stage's repository. */
function openRun({ context }: Stage, writer: string) {
  const root = context.workspace.root;
  const home = openStateHome(context.env);
  const desk = openDesk(root, {
    ...{ home, clock: openClock(), writer, restart: undefined },
    run: { pid: 1, clew: '0', command: ['agent'], platform: 'linux', node: '20', run: writer },
    redact: (event) => event,
    say: (text) => expect.unreachable(text),
    opened: () => undefined,
    wrote: () => undefined,
    farewell: () => ({ reason: 'editor-left' }),
  });
  const watches = openWatches({
    placeOf: () => findWatched(root, { home, run, writer, say: () => {} }),
    redact: (event) => event,
    async tell(_, events) {
      for (const event of events) desk.append({ event });
      await desk.acknowledge();
    },
    moved: () => undefined,
    complain: (_, error) => expect.unreachable(String(error)),
  });
  const moves = watches.of(root);
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await watches.close();
    await desk.close();
  };
  onTestFinished(close);
  return { look: () => moves?.look(), close };
}

/** The same read where git keeps it in reftables. */
function openTables({ context }: Stage) {
  const mirror = openTableMirror(context.workspace.root);
  mirror.update();
  const place = { gitDir: mirror.gitDir, commonDir: mirror.gitDir };
  const branches = openBranches(mirror.gitDir);
  let cursor = beginCursor(place);
  const events: RepoEvent[] = [];
  return {
    events,
    look() {
      mirror.update();
      const reading = readMoves(place, JSON.parse(JSON.stringify(cursor)) as RepoCursor, branches);
      cursor = reading.cursor;
      events.push(...reading.events);
    },
  };
}

const isMove = (event: { type: string }): event is RepoEvent =>
  ['head-moved', 'branch-moved', 'stash-changed'].includes(event.type);

/** In the order in which they were written; journals are read by another reader than clew's. */
const readMoved = ({ context }: Stage) => readEvents(openStateHome(context.env)).filter(isMove);

describe.each(cases)('%s', (_, commands, events, later) => {
  const isMany = events === 'many';
  const live = isMany ? [...Array<string>(8).fill('commit main own'), 'bisect main own'] : events;
  const found = later ?? live;

  test('seen as it happens, with hooks', async () => {
    const stage = openStage();
    await ask(stage.context, 'hooks/install', {});
    const sidecar = openRun(stage, run);
    for (const it of commands) {
      stage.sh(it);
      sidecar.look();
    }
    await sidecar.close();
    const moved = readMoved(stage);
    expect(moved.map(tell)).toEqual(live);
    await checkShapes(moved);
    checkChain(moved, stage);
  });

  test('seen as it happens, without hooks', async () => {
    const stage = openStage();
    const sidecar = openRun(stage, run);
    const tables = openTables(stage);
    for (const it of commands) {
      stage.sh(it);
      sidecar.look();
      tables.look();
    }
    await sidecar.close();
    const moved = readMoved(stage);
    expect(moved.map(tell)).toEqual(live.map(withoutActor));
    expect(moved.every((it) => it.actor.kind === 'unknown')).toBe(true);
    expect(tables.events).toEqual(moved);
  });

  test('told by the sidecar that comes later', async () => {
    const stage = openStage();
    await ask(stage.context, 'hooks/install', {});
    await openRun(stage, '01K5A0000000000000000WRTR0').close();
    for (const it of commands) stage.sh(it);
    const sidecar = openRun(stage, run);
    await sidecar.close();
    const moved = readMoved(stage);
    if (!isMany) expect(moved.map(tell)).toEqual(found);
    checkChain(moved, stage);
    await openRun(stage, '01K5A0000000000000000WRTR2').close();
    expect(readMoved(stage)).toEqual(moved);
  });
});

test('told by the command that comes later, and by it alone', async () => {
  const stage = openStage();
  await ask(stage.context, 'hooks/install', {});
  await openRun(stage, run).close();
  stage.sh('git switch -q topic; git branch -q -D conf; echo d >f; git stash -q');
  await ask(stage.context, 'workspace/status', {});
  const moved = readMoved(stage);
  expect(moved.map(tell)).toEqual([
    'checkout main>topic other',
    'branch conf deleted',
    'stash pushed unknown',
  ]);
  await ask(stage.context, 'log/query', {});
  await openRun(stage, '01K5A0000000000000000WRTR2').close();
  expect(readMoved(stage)).toEqual(moved);
});

test('a command writes nothing of a repository that no sidecar has watched', async () => {
  const stage = openStage();
  stage.sh('git switch -q topic');
  await ask(stage.context, 'workspace/status', {});
  expect(readEvents(join(openStateHome(stage.context.env)))).toEqual([]);
});
