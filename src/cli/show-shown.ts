/** Lays out one session, turn or step in full for people. */
import type { LogShow, PlanEntry, TurnCard } from '../contract/types.gen.ts';
import { showTokens } from './amounts.ts';
import type { Io } from './io.ts';
import { showAge, showClock, showDate, showDuration } from './moments.ts';
import { nameOutcome } from './name-outcome.ts';
import { openPaint, type Paint, paintOutcome } from './paint.ts';
import { showBlock, showLine } from './printable.ts';
import { showHoles } from './show-holes.ts';
import { describeSession, describeTools, describeTroubles, shortId } from './show-log.ts';
import { showPlanned } from './show-planned.ts';
import { type StepScreen, showStep } from './show-step.ts';
import { showUnnamed } from './show-unnamed.ts';

type Screen = Pick<Io, 'columns' | 'usesColor' | 'now'>;
type Shown = LogShow['result'];

export function showShown(shown: Shown, screen: Screen): string {
  const paint = openPaint(screen);
  const width = screen.columns ?? Number.POSITIVE_INFINITY;
  const isWhole = shown.kind === 'step';
  const steps: StepScreen = { width, paint, folder: shown.session.cwd, isWhole };
  const parts = [
    showHead(shown, screen, paint),
    ...showBody(shown, steps, screen),
    shown.tasks === undefined
      ? showPlan(shown.plan ?? [], paint)
      : [paint('planned', 'strong'), ...showPlanned(shown.tasks, paint)],
    showUnnamed(shown.unnamed ?? [], paint),
    shown.holes === undefined ? [] : showHoles(shown.holes, paint),
    showProblems(shown.problems, paint),
    shown.behind === true ? [paint('The index is being built; this may not be all.', 'odd')] : [],
  ];
  return `${parts
    .filter((it) => it.length > 0)
    .map((it) => it.join('\n'))
    .join('\n\n')}\n`;
}

function showHead({ kind, session }: Shown, screen: Screen, paint: Paint): string[] {
  const { id, title, cwd, agentSession, usage, state } = session;
  const tokens = usage === undefined ? undefined : showTokens(usage);
  const about = [...describeSession(session), ...(tokens === undefined ? [] : [tokens])];
  const head = `${paint(`session ${showLine(id)}`, 'strong')}  ${paintOutcome(paint, state, state)}`;
  const named = title === undefined ? [] : [`  ${showLine(title)}`];
  if (kind !== 'session') return [head, ...named, `  ${about.join(' · ')}`];
  const began = `${showDate(session.startedAt)} ${showClock(session.startedAt)}`;
  return [
    head,
    ...named,
    `  ${about.join(' · ')}`,
    `  begun ${began}, last heard of ${showAge(session.lastAt, screen.now())}`,
    `  the agent calls it ${showLine(agentSession)}${cwd === undefined ? '' : `, in ${showLine(cwd)}`}`,
  ];
}

function showBody(shown: Shown, steps: StepScreen, screen: Screen): string[][] {
  const { kind, session, turn, prompt } = shown;
  if (kind === 'step') return shown.steps.map((it) => showStep(it, steps));
  const turns = kind === 'session' || turn === undefined ? session.turns : [turn];
  return turns.flatMap((it) => {
    const own = shown.steps.filter((step) => step.turn === it.id);
    const asked = kind === 'turn' ? prompt : it.prompt;
    return [
      [...showTurnHead(it, screen, steps.paint), ...quote(asked)],
      ...(own.length === 0 ? [] : [own.flatMap((step) => showStep(step, steps))]),
    ];
  });
}

function showTurnHead(turn: TurnCard, screen: Screen, paint: Paint): string[] {
  const outcome = nameOutcome(turn.state === 'ended' ? (turn.outcome ?? turn.state) : turn.state);
  const tokens = turn.usage === undefined ? undefined : showTokens(turn.usage);
  const about = [
    `${showClock(turn.startedAt)}, ${showAge(turn.startedAt, screen.now())}`,
    turn.durationMs === undefined ? undefined : `took ${showDuration(turn.durationMs)}`,
    describeTools(turn) || undefined,
    ...describeTroubles(turn),
    turn.files.length === 0 ? undefined : `changed ${turn.files.map(showLine).join(', ')}`,
    turn.branch === undefined ? undefined : `on ${showLine(turn.branch)}`,
    tokens,
  ].filter((it) => it !== undefined);
  const name = `turn ${turn.n}  ${shortId(turn.id)}`;
  const end = paintOutcome(paint, outcome, showLine(outcome));
  return [`${paint(name, 'strong')}  ${end} · ${about.join(' · ')}`];
}

function quote(text: string | undefined): string[] {
  if (text === undefined) return [];
  return showBlock(text.trimEnd())
    .split('\n')
    .map((it) => `> ${it}`);
}

const marks: Readonly<Record<string, string>> = {
  completed: '[x] ',
  in_progress: '[>] ',
  pending: '[ ] ',
  '': '',
};

function showPlan(entries: readonly PlanEntry[], paint: Paint): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map(({ status, content }) => {
    const mark = Object.hasOwn(marks, status) ? marks[status] : `[${showLine(status)}] `;
    return showBlock(content)
      .split('\n')
      .map((it, at) => `  ${at === 0 ? mark : '    '}${it}`)
      .join('\n');
  });
  return [paint('plan', 'strong'), ...lines];
}

function showProblems(problems: readonly string[], paint: Paint): string[] {
  if (problems.length === 0) return [];
  return [
    paint('what is missing, failed or was not understood', 'strong'),
    ...problems.map((it) => `  ${showLine(it)}`),
  ];
}
