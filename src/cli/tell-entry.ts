/** Tells a journal entry in one line. */
import type { Claim, Event, UsageReported } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { nameClaimedPath } from '../trace/claimed-path.ts';
import { showCost, showCount, showNumber } from './amounts.ts';
import type { Io } from './io.ts';
import { showClock, showDuration } from './moments.ts';
import { nameOutcome } from './name-outcome.ts';
import { nameReason } from './name-reason.ts';
import { openPaint, type Paint, paintOutcome } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';
import { tellRepo } from './tell-repo.ts';
import { cutToWidth } from './width.ts';

/** Which event, what about it, and how it ended if that has a colour. */
type Told = readonly [what: string, about?: string | undefined, outcome?: string];

type Known = {
  readonly steps: Map<string, string>;
  /** Messages and thoughts that are not over. */
  readonly talk: Set<string>;
  name(path: string): string;
};

/** Steps whose names are kept for their ends. */
const stepLimit = 5000;

/** Undefined for what another line tells: that a message began and ended. Paths in the workspace are named from there. */
export function openTeller(
  io: Pick<Io, 'columns' | 'usesColor'>,
  workspace?: string,
): (entry: Entry) => string | undefined {
  const paint = openPaint(io);
  const width = io.columns ?? Number.POSITIVE_INFINITY;
  const known: Known = {
    steps: new Map(),
    talk: new Set(),
    name: (path) => nameClaimedPath(path, { workspace }),
  };
  return (entry) => {
    if (isSaidElsewhere(entry.event, known.talk)) return undefined;
    const { steps } = known;
    const [what, about = '', outcome] = tell(entry.event, known);
    if (stepLimit < steps.size) steps.clear();
    const session = entry.session === undefined ? '      ' : shortId(entry.session);
    const head = `${showClock(entry.at)}  ${session}  `;
    const shown = cutToWidth(
      showLine(`${what}${about === '' ? '' : `  ${about}`}`),
      width - head.length,
    );
    return paint(head, 'faint') + paintWhat(paint, shown, what.length, outcome);
  };
}

function paintWhat(paint: Paint, shown: string, length: number, outcome?: string): string {
  const [what, about] = [shown.slice(0, length), shown.slice(length)];
  const painted = outcome === undefined ? paint(what, 'name') : paintOutcome(paint, outcome, what);
  return painted + about;
}

/** Messages and thoughts tell of themselves when they are said. */
function isSaidElsewhere(event: Event, talk: Set<string>): boolean {
  if (event.type === 'step-started' && (event.kind === 'message' || event.kind === 'thought')) {
    talk.add(event.step);
    return true;
  }
  return event.type === 'step-ended' && event.outcome === 'completed' && talk.delete(event.step);
}

function tell(event: Event, known: Known): Told {
  return (
    tellTurn(event) ??
    tellStep(event, known) ??
    tellFiles(event, known) ??
    tellSession(event) ??
    tellRepo(event) ??
    tellRecorder(event)
  );
}

function tellTurn(event: Event): Told | undefined {
  switch (event.type) {
    case 'turn-started':
      return ['turn began', event.prompt ?? '(by the agent)'];
    case 'turn-ended':
      return [
        `turn ended: ${nameOutcome(event.outcome)}`,
        showDuration(event.afterMs),
        event.outcome,
      ];
    case 'cancel-asked':
      return ['asked to stop'];
    case 'task-changed':
      return [`task ${event.how}`, `${event.task} ${event.title}`, event.status];
    case 'plan-changed':
      return ['plan', event.entries.map((it) => it.content).join(' · ') || event.text];
    case 'usage-reported':
      return ['used', describeUse(event)];
    default:
      return undefined;
  }
}

function describeUse({ used, size, cost }: UsageReported): string {
  const full =
    used === undefined || size === undefined
      ? ''
      : `${showNumber(used)} of ${showNumber(size)} tokens`;
  return [full, cost === undefined ? '' : `${showCost(cost)} so far`].filter(Boolean).join(' · ');
}

function tellStep(event: Event, { steps }: Known): Told | undefined {
  const nameOf = (step: string) => steps.get(step) ?? shortId(step);
  switch (event.type) {
    case 'step-started': {
      const name = event.title ?? event.tool?.name ?? event.kind;
      steps.set(event.step, name);
      return [event.tool?.kind ?? event.kind, event.kind === name ? undefined : name];
    }
    case 'step-changed':
      if (event.title !== undefined) steps.set(event.step, event.title);
      return ['changed', [nameOf(event.step), event.status].filter(Boolean).join(' · ')];
    case 'step-ended':
      return [
        event.outcome,
        `${nameOf(event.step)} · ${showDuration(event.afterMs)}`,
        event.outcome,
      ];
    case 'message-said':
      return [event.role, event.text.trim()];
    case 'permission-asked':
      steps.set(event.step, event.title ?? 'permission');
      return ['may I?', event.title];
    case 'permission-answered':
      return [event.outcome, `${nameOf(event.step)} · by the ${event.by}`, event.outcome];
    default:
      return undefined;
  }
}

function tellFiles(event: Event, { name }: Known): Told | undefined {
  switch (event.type) {
    case 'files-claimed':
      return ['files', event.claims.map((it) => tellClaim(it, name)).join(', ')];
    case 'file-read':
      return ['read', name(event.path)];
    case 'file-seen': {
      const guess = event.how === 'guess' ? ' (best effort)' : '';
      return ['saw', `${name(event.path)}${event.blob === null ? ': not there' : ''}${guess}`];
    }
    case 'read-skipped':
      return ['saw', `${name(event.path)}: not taken note of, ${event.reason}`];
    case 'file-written':
      return ['wrote', name(event.path)];
    case 'stale-edit-found':
      return [`stale edit ${event.verdict}`, name(event.path), 'rejected'];
    case 'stale-edit-settled':
      return [`stale edit: ${event.choice}`, name(event.path)];
    case 'lines-overwritten':
      return [
        'overwritten',
        `${showCount(event.lines, 'line')} of somebody else in ${name(event.path)} · clew undo --lost ${shortId(event.alert)}`,
        'failed',
      ];
    default:
      return undefined;
  }
}

function tellSession(event: Event): Told | undefined {
  switch (event.type) {
    case 'session-opened':
      return [
        `session ${event.how}`,
        [event.agentSession, event.model].filter(Boolean).join(' · '),
      ];
    case 'session-changed':
      return ['session', [event.title, event.model, event.mode].filter(Boolean).join(' · ')];
    case 'session-closed':
      return [`session ${event.how}d`];
    case 'session-replayed':
      return ['session replayed', showCount(event.messages, 'message')];
    case 'session-noticed':
      return ['notice', event.text];
    case 'agent-connected':
      return [
        'connected',
        [event.client?.name, event.agent?.name, event.agent?.version].filter(Boolean).join(' · '),
      ];
    default:
      return undefined;
  }
}

function tellRecorder(event: Event): Told {
  switch (event.type) {
    case 'recording-started':
      return ['recording began', event.command.join(' ')];
    case 'recording-ended':
      return [`recording ended: ${event.reason}`];
    case 'recording-resumed':
      return [
        'recording resumed',
        `${showCount(event.lost, 'event')} lost: ${event.why}`,
        'failed',
      ];
    case 'notes-dropped':
      return ['dropped', showCount(event.lines, 'line'), 'failed'];
    case 'request-failed':
      return ['request failed', `${event.method}: ${event.problem.message}`, 'failed'];
    case 'line-kept-opaque':
      return ['not understood', `${event.why}, ${showCount(event.bytes, 'byte')}`, 'odd'];
    case 'message-kept':
      return ['kept', event.method];
    case 'checkpoint-taken':
      return ['checkpoint', `${nameReason(event.reason)} · ${shortId(event.checkpoint)}`];
    case 'place-noted':
      return ['stands on', [event.branch, event.head?.slice(0, 9)].filter(Boolean).join(' at ')];
    case 'state-changed':
      return ['state changed', event.changes.map(({ id }) => id).join(', ')];
    default:
      return [event.type.replaceAll('-', ' ')];
  }
}

function tellClaim({ operation, path, source }: Claim, name: Known['name']): string {
  return `${operation} ${name(path)}${source === 'command' ? ' (best effort)' : ''}`;
}
