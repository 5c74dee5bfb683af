/** Which version a session is said to have seen, after real things have happened to real files. */
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldSeen } from '../../src/context/fold-seen.ts';
import type { Seen } from '../../src/context/seen.ts';
import type { Claim, Event } from '../../src/contract/types.gen.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openGlances } from '../../src/recorder/open-glances.ts';
import { openSeen } from '../../src/recorder/open-seen.ts';
import { openContextWatch } from '../../src/recorder/watch-context.ts';
import { openMemoryState } from '../../src/store/state/open-memory-state.ts';
import { openSeenSpace } from '../../src/store/state/open-seen-space.ts';
import { findInside } from '../../src/workspace/find-inside.ts';
import { isSame, lookAtFile, readStamp } from '../../src/workspace/look-at-file.ts';
import { checkNotes } from '../acp/conversation-under-test.ts';
import { makeFolder } from '../scratch.ts';
import '../seed.ts';
import { sizeOf } from '../soak.ts';

const limitBytes = 1_000;
const agentSession = '01a1fbdc-5274-7c90-9a41-2b27fcc8f280';

function openRun(root = makeFolder(), store = openMemoryState()) {
  const notes: Note[] = [];
  const complaints: string[] = [];
  const complain = (doing: string, error: unknown) => complaints.push(`${doing}: ${error}`);
  const book = openSeen({
    lend: async () => ({ space: openSeenSpace(store), release: () => undefined }),
    complain,
  });
  const clock = { aheadMs: 0 };
  let looks = 0;
  const glances = openGlances({
    look(...where) {
      looks += 1;
      return lookAtFile(...where, limitBytes);
    },
    stamp: readStamp,
    isSame,
    complain,
  });
  const context = openContextWatch({
    book,
    glances,
    rootOf: () => root,
    inside: findInside,
    now: () => Date.now() + clock.aheadMs,
    write: (note) => notes.push(note),
  });
  const tell = (...events: Event[]) => {
    for (const event of events) {
      notes.push({ session: 's', event });
      context.watch({ session: 's', event });
    }
  };
  const own = () =>
    notes.filter(({ event }) => event.type === 'file-seen' || event.type === 'read-skipped');
  tell({ type: 'session-opened', how: 'resume', agentSession, cwd: root });
  return {
    ...{ root, store, clock, book, context, glances, notes, own, complaints, tell },
    looks: () => looks,
    file: (path: string) => join(root, path),
    put: (path: string, text: string) => writeFileSync(join(root, path), text),
    blobOf: (path: string) =>
      execFileSync('git', ['hash-object', '--no-filters', '--', path], { cwd: root })
        .toString()
        .trim(),
    seen: (path: string) => book.of('s', path),
  };
}

const begun = (step: string, kind: string, name?: string): Event => ({
  type: 'step-started',
  turn: 't',
  step,
  kind: 'tool',
  tool: { call: step, announced: true, kind, ...(name && { name }) },
});
const claimed = (step: string, ...claims: Claim[]): Event => ({
  type: 'files-claimed',
  turn: 't',
  step,
  claims,
});
type Outcome = (Event & { type: 'step-ended' })['outcome'];
const ended = (step: string, outcome: Outcome = 'completed'): Event => ({
  type: 'step-ended',
  step,
  outcome,
  afterMs: 1,
});
const reads = (path: string, source: Claim['source'] = 'location'): Claim => ({
  path,
  operation: 'read',
  source,
});

test('a read that the wire only names is what lies on the disk', async () => {
  const run = openRun();
  run.put('ü a.ts', 'one\n');
  run.tell(begun('p', 'read'), claimed('p', reads(run.file('ü a.ts'))), ended('p'));
  await run.glances.settle();
  const { seen, blobOf, notes, looks } = run;
  expect(seen('ü a.ts')).toMatchObject({
    blob: blobOf('ü a.ts'),
    how: 'disk',
    turn: 't',
    step: 'p',
  });
  expect(run.own()).toEqual([
    {
      session: 's',
      event: {
        type: 'file-seen',
        turn: 't',
        step: 'p',
        path: 'ü a.ts',
        blob: blobOf('ü a.ts'),
        how: 'disk',
      },
    },
  ]);
  checkNotes(notes);
  expect(looks()).toBe(1);
});

test('what changed while the read was under way is looked at again', async () => {
  const run = openRun();
  run.put('a', 'one');
  run.tell(begun('p', 'read'), claimed('p', reads('a')));
  await run.glances.settle();
  run.put('a', 'another');
  run.tell(ended('p'));
  await run.glances.settle();
  expect(run.seen('a')?.blob).toBe(run.blobOf('a'));
});

test('a read that failed or was rejected is none, but a search that found nothing is one', async () => {
  const run = openRun();
  for (const name of ['a', 'b', 'c', 'd']) run.put(name, name);
  for (const [step, outcome, source] of [
    ['a', 'failed', 'location'],
    ['b', 'rejected', 'command'],
    ['c', 'failed', 'command'],
    ['d', 'interrupted', 'location'],
  ] as const)
    run.tell(begun(step, 'read'), claimed(step, reads(step, source)), ended(step, outcome));
  await run.glances.settle();
  expect(['a', 'b', 'c', 'd'].map((it) => run.seen(it)?.how)).toEqual([
    undefined,
    undefined,
    'guess',
    'disk',
  ]);
});

test('the wire\u2019s own words count before the disk, and parts are called parts', async () => {
  const run = openRun();
  for (const name of ['whole', 'part', 'lines', 'shell']) run.put(name, name);
  const blob = '1'.repeat(40);
  run.tell(
    { type: 'file-read', turn: 't', path: run.file('whole'), bytes: 3, blob },
    { type: 'file-read', turn: 't', path: run.file('part'), bytes: 3, line: 2 },
    { type: 'file-read', turn: 't', path: run.file('none'), problem: { code: 1, message: 'no' } },
    begun('p', 'read'),
    claimed('p', { ...reads('lines'), part: true }),
    ended('p'),
    begun('q', 'read', 'exec_command'),
    claimed('q', reads('shell')),
    ended('q'),
  );
  await run.glances.settle();
  expect(run.seen('whole')).toMatchObject({ blob, how: 'wire' });
  expect(run.seen('part')).toMatchObject({ blob: run.blobOf('part'), how: 'part' });
  expect(run.seen('lines')?.how).toBe('part');
  expect(run.seen('shell')?.how).toBe('guess');
  expect(run.seen('none')).toBeUndefined();
});

test('own changes are what the session has seen: written, claimed, deleted, moved', async () => {
  const run = openRun();
  for (const name of ['edited', 'moved to', 'failed']) run.put(name, name);
  const [written, whole] = ['2'.repeat(40), '3'.repeat(40)];
  run.tell(
    { type: 'file-written', turn: 't', path: run.file('served'), bytes: 1, blob: written },
    begun('p', 'edit'),
    claimed(
      'p',
      { path: run.file('edited'), operation: 'modify', source: 'diff' },
      { path: run.file('whole'), operation: 'add', source: 'diff', after: whole, whole: true },
      { path: run.file('gone'), operation: 'delete', source: 'diff' },
      { path: run.file('moved to'), oldPath: run.file('moved'), operation: 'move', source: 'diff' },
    ),
    ended('p'),
    begun('q', 'edit'),
    claimed('q', { path: run.file('failed'), operation: 'modify', source: 'diff' }),
    ended('q', 'failed'),
  );
  await run.glances.settle();
  const { seen, blobOf } = run;
  expect(seen('served')).toMatchObject({ blob: written, how: 'own' });
  expect(seen('edited')).toMatchObject({ blob: blobOf('edited'), how: 'own' });
  expect(seen('whole')).toMatchObject({ blob: whole, how: 'own' });
  expect(seen('gone')).toMatchObject({ blob: null, how: 'own' });
  expect(seen('moved')).toMatchObject({ blob: null, how: 'own' });
  expect(seen('moved to')).toMatchObject({ blob: blobOf('moved to'), how: 'own' });
  expect(seen('failed')).toBeUndefined();
  expect(run.context.counts()).toMatchObject({ reads: 0, edits: 6, files: 6, sessions: 1 });
});

test('outside, too large, no file, not readable: skipped, counted, and told where it matters', async () => {
  const run = openRun();
  run.put('large', 'x'.repeat(limitBytes + 1));
  run.put('fits', 'x'.repeat(limitBytes));
  mkdirSync(run.file('folder'));
  execFileSync('mkfifo', [run.file('pipe')]);
  symlinkSync('/etc/hostname', run.file('leads out'));
  symlinkSync('fits', run.file('link'));
  const outside = ['/etc/passwd', '../up', run.root];
  const inside = ['large', 'fits', 'folder', 'pipe', 'leads out', 'link', 'fits/under a file'];
  run.tell(begun('p', 'read'), claimed('p', ...[...outside, ...inside].map((it) => reads(it))));
  run.tell(claimed('p', reads('no such guess', 'command')), ended('p'));
  await run.glances.settle();
  expect(run.context.counts().skips).toEqual({ outside: 4, 'too-large': 1, 'no-file': 3 });
  expect([...run.book.list('s').keys()].sort()).toEqual(['fits', 'fits/under a file', 'link']);
  expect(run.seen('link')?.blob).toBe(run.blobOf('fits'));
  expect(run.seen('fits/under a file')?.blob).toBeNull();
  checkNotes(run.notes);
  expect(run.notes.filter((it) => it.event.type === 'read-skipped')).toMatchObject([
    { event: { path: 'large', reason: 'too-large', bytes: limitBytes + 1 } },
  ]);
  expect(run.complaints).toEqual([]);
});

test('what a command changed of what was seen is the session\u2019s own', async () => {
  const run = openRun();
  for (const name of ['formatted', 'same', 'removed']) run.put(name, 'before');
  run.tell(begun('p', 'read'));
  for (const name of ['formatted', 'same', 'removed']) run.tell(claimed('p', reads(name)));
  run.tell(ended('p'));
  await run.glances.settle();
  run.tell({ type: 'usage-reported' });
  run.tell(begun('c', 'execute'));
  run.put('formatted', 'after');
  rmSync(run.file('removed'));
  run.tell(ended('c', 'failed'));
  await run.glances.settle();
  expect(run.seen('formatted')).toMatchObject({
    blob: run.blobOf('formatted'),
    how: 'guess',
    step: 'c',
  });
  expect(run.seen('removed')).toMatchObject({ blob: null, how: 'guess' });
  expect(run.seen('same')).toMatchObject({ how: 'disk', step: 'p' });
});

test('a change that keeps the old time of the file is seen all the same', async () => {
  const run = openRun();
  run.put('a', 'before');
  run.tell(begun('p', 'read'), claimed('p', reads('a')), ended('p'));
  await run.glances.settle();
  run.tell(begun('c', 'execute'));
  run.put('b', 'behind');
  utimesSync(run.file('b'), 1, 1);
  renameSync(run.file('b'), run.file('a'));
  run.tell(ended('c'));
  await run.glances.settle();
  expect(run.seen('a')?.blob).toBe(run.blobOf('a'));
});

test.each([
  ['while a command ran, may be its doing', 0, true],
  ['before one that took its time, is not', 10_000, false],
])('what was changed %s', async (_name, thoughtMs, isOwn) => {
  const run = openRun();
  run.put('f', 'one\n');
  run.tell(begun('r', 'read'), claimed('r', reads(run.file('f'))), ended('r'));
  await run.glances.settle();
  run.put('f', 'typed\n');
  run.clock.aheadMs = thoughtMs;
  run.tell(begun('c', 'execute'));
  run.clock.aheadMs += 100;
  run.tell(ended('c'));
  await run.glances.settle();
  expect(run.seen('f')?.blob === run.blobOf('f')).toBe(isOwn);
  expect(run.complaints).toEqual([]);
});

test('another run of the same session knows what was read in a turn of the first', async () => {
  const first = openRun();
  first.put('a', 'one');
  first.tell(begun('p', 'read'), claimed('p', reads('a')), ended('p'));
  await first.glances.settle();
  await first.book.close();
  const second = openRun(first.root, first.store);
  await second.book.load('s');
  expect(second.seen('a')).toMatchObject({ blob: second.blobOf('a'), turn: 't', how: 'disk' });
  second.put('a', 'two');
  expect(second.seen('a')?.blob).not.toBe(second.blobOf('a'));
});

type Deed = { readonly path: string; readonly what: string; readonly outcome: Outcome };

async function doDeed(run: ReturnType<typeof openRun>, n: number, deed: Deed): Promise<void> {
  const { path, what, outcome } = deed;
  const text = `${n}`;
  const blob = gitBlob(text);
  const named = run.file(path);
  const claims: Readonly<Record<string, Claim>> = {
    read: reads(named),
    guess: reads(named, 'command'),
    part: { ...reads(named), part: true },
    edit: { path: named, operation: 'modify', source: 'diff' },
    add: { path: named, operation: 'add', source: 'diff', after: blob, whole: true },
  };
  const claim = claims[what];
  run.tell(begun(`p${n}`, what === 'command' ? 'execute' : 'edit'));
  if (claim !== undefined) run.tell(claimed(`p${n}`, claim));
  if (what === 'wire') run.tell({ type: 'file-read', path: named, bytes: 1, blob });
  if (what === 'served') run.tell({ type: 'file-written', path: named, bytes: 1, blob });
  if (what === 'rm') rmSync(named, { force: true });
  else if (!['read', 'guess', 'part', 'wire'].includes(what)) run.put(path, text);
  run.tell(ended(`p${n}`, outcome));
  await run.glances.settle();
}

test('the journal tells the same as the memory, whatever happened', async () => {
  const paths = fc.constantFrom('a', 'b', 'ü c');
  const deed = fc.record({
    path: paths,
    what: fc.constantFrom(
      'read',
      'guess',
      'part',
      'wire',
      'served',
      'edit',
      'add',
      'foreign',
      'rm',
      'command',
    ),
    outcome: fc.constantFrom<Outcome>('completed', 'failed', 'rejected', 'interrupted'),
  });
  const law = fc.asyncProperty(fc.array(deed, { maxLength: 12 }), async (deeds) => {
    const run = openRun();
    for (const [n, it] of deeds.entries()) await doDeed(run, n, it);
    const fold = foldSeen((path) => findInside(run.root, path));
    for (const [at, { event }] of run.notes.entries()) fold.take(event, at);
    const show = (files: ReadonlyMap<string, Seen>) =>
      [...files].map(([path, { blob, how }]) => `${path} ${blob} ${how}`).sort();
    expect(show(fold.files)).toEqual(show(run.book.list('s')));
    expect(run.complaints).toEqual([]);
  });
  await fc.assert(law, { numRuns: sizeOf(60, 2_000) });
});

function gitBlob(text: string): string {
  return hash('sha1', `blob ${Buffer.byteLength(text)}\0${text}`);
}
