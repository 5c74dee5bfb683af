/** clew status: what is recorded here, by whom, and what is unavailable. */
import type { WorkspaceStatus } from '../contract/types.gen.ts';
import { showBytes, showCount, showNumber } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import type { Io } from './io.ts';
import { showAge } from './moments.ts';
import { openPaint, type Paint, paintOutcome } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

type Status = WorkspaceStatus['result'];
type Checkpoints = Status['checkpoints'];

export const command: Command = {
  name: 'status',
  summary: 'tell what is recorded here, and by whom',
  words: { min: 0, max: 0 },
  options: [workspaceOption, jsonOption],
  about:
    'Tells which workspace this is, where its state lies, who records now, how much is recorded, ' +
    'how many checkpoints there are and whether the last one is whole, and whether the index can ' +
    'be asked.',
  examples: [
    ['clew status', 'about the workspace that you are in'],
    ['clew status --json', 'for programs: see schemas/rpc/workspace/status.json'],
  ],
  async run(call) {
    const { io, options } = call;
    const status = await ask(call, 'workspace/status', {});
    if (options['json'] === true) printJson(io, status);
    else io.write(showStatus(status, io));
    return 0;
  },
};

export function showStatus(status: Status, io: Pick<Io, 'usesColor' | 'now'>): string {
  const paint = openPaint(io);
  const now = io.now();
  const { index } = status;
  const state = paintOutcome(paint, index.state, index.state);
  const rows: (readonly [string, string])[] = [
    ['workspace', showLine(status.workspace)],
    ['state', showLine(status.state)],
    ...(status.repository === undefined
      ? []
      : [['git', showRepository(status.repository)] as const]),
    ['recording', showRecorders(status.recorders, now)],
    ['journal', showJournal(status.journal, now)],
    ...showHistory(status, paint),
    ...showTold(status),
    ['checkpoints', showCheckpoints(status.checkpoints, now, paint)],
    ...showContext(status.context),
    ['index', [state, ...describeIndex(index)].join(', ')],
    ...status.notes.map((it) => ['note', showLine(it)] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${paint(name.padEnd(width), 'strong')}  ${text}`);
  return `${lines.join('\n')}\n`;
}

function showCheckpoints(
  { state, count, bytes, baseBytes, lastAt, degraded, uncaptured, paths, hint }: Checkpoints,
  now: number,
  paint: Paint,
): string {
  if (state === 'none') return 'none yet';
  const missing =
    uncaptured === undefined || uncaptured === 0
      ? undefined
      : `${showCount(uncaptured, 'path')} not kept (${nameSome(paths ?? [], uncaptured)})`;
  return [
    showNumber(count),
    state === 'unavailable' ? paintOutcome(paint, state, state) : undefined,
    bytes === undefined ? undefined : showBytes(bytes),
    baseBytes ? `resting on ${showBytes(baseBytes)} of the repository's packs` : undefined,
    lastAt === undefined ? undefined : `last taken ${showAge(lastAt, now)}`,
    degraded === undefined ? undefined : paint(`not whole: ${showLine(degraded)}`, 'odd'),
    missing === undefined ? undefined : paint(missing, 'odd'),
    hint === undefined ? undefined : showLine(hint),
  ]
    .filter((it) => it !== undefined)
    .join(', ');
}

const namedPaths = 3;

function nameSome(paths: readonly string[], count: number): string {
  const named = paths.slice(0, namedPaths).map(showLine);
  return [...named, ...(named.length < count ? ['…'] : [])].join(', ');
}

function showRepository({ branch, head, worktree }: NonNullable<Status['repository']>): string {
  const at = head === undefined ? 'no commit yet' : head.slice(0, 12);
  const on = branch === undefined ? 'detached' : `on ${showLine(branch)}`;
  return [on, at, ...(worktree ? ['a linked worktree'] : [])].join(', ');
}

function showRecorders(recorders: Status['recorders'], now: number): string {
  if (recorders.length === 0) return 'nobody now';
  return recorders
    .map(({ writer, pid, since, label, stale }) => {
      const who = label === undefined ? '' : `${showLine(label)}, `;
      const does = stale === undefined ? '' : `, stale edits: ${stale}`;
      return `${shortId(writer)} (${who}process ${pid}, since ${showAge(since, now)}${does})`;
    })
    .join('; ');
}

function showJournal({ files, bytes, entries, lastAt }: Status['journal'], now: number): string {
  return [
    showCount(files, 'file'),
    showBytes(bytes),
    entries === undefined ? undefined : showCount(entries, 'entry', 'entries'),
    lastAt === undefined ? undefined : `last written ${showAge(lastAt, now)}`,
  ]
    .filter((it) => it !== undefined)
    .join(', ');
}

function showHistory({ history }: Status, paint: Paint): (readonly [string, string])[] {
  const { bytes = 0, limitBytes } = history ?? {};
  if (limitBytes === undefined) return [];
  const size = `${showBytes(bytes)} of ${showBytes(limitBytes)}`;
  const over = `${size}; \`clew history shorten\` drops the oldest`;
  return [['history', bytes > limitBytes ? paint(over, 'odd') : size]];
}

function showTold({ sessions, turns }: Status): (readonly [string, string])[] {
  if (sessions === undefined || turns === undefined) return [];
  return [['recorded', `${showCount(sessions, 'session')}, ${showCount(turns, 'turn')}`]];
}

function showContext(context: Status['context']): (readonly [string, string])[] {
  if (context === undefined) return [];
  const { sessions, files, reads, edits, skips } = context;
  const skipped = Object.entries(skips).map(([reason, count]) => `${count} ${reason}`);
  const parts = [
    `${showCount(files, 'file')} of ${showCount(sessions, 'session')} in memory`,
    `${showCount(reads, 'read')} and ${showCount(edits, 'edit')} taken note of`,
    ...(skipped.length === 0 ? [] : [`skipped: ${skipped.join(', ')}`]),
  ];
  return [['context', parts.join('; ')]];
}

function describeIndex({ state, entries, bytes, hint }: Status['index']): string[] {
  return [
    state === 'missing' || state === 'behind' ? 'built when somebody asks' : undefined,
    entries === undefined ? undefined : `${showNumber(entries)} entries`,
    bytes === undefined ? undefined : showBytes(bytes),
    hint === undefined ? undefined : showLine(hint),
  ].filter((it) => it !== undefined);
}
