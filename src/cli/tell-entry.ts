/** Tells a journal entry in one line. */
import type { Claim, Event, UsageReported } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { showCost, showCount, showNumber } from './amounts.ts';
import type { Io } from './io.ts';
import { showClock, showDuration } from './moments.ts';
import { openPaint, type Paint, paintOutcome } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';
import { tellRepo } from './tell-repo.ts';
import { cutToWidth } from './width.ts';

/** Which event, what about it, and how it ended if that has a colour. */
type Told = readonly [what: string, about?: string | undefined, outcome?: string];

/** Steps whose names are kept for their ends. */
const stepLimit = 5000;

export function openTeller(io: Pick<Io, 'columns' | 'usesColor'>): (entry: Entry) => string {
  const paint = openPaint(io);
  const width = io.columns ?? Number.POSITIVE_INFINITY;
  const steps = new Map<string, string>();
  return (entry) => {
    const [what, about = '', outcome] = tell(entry.event, steps);
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

function tell(event: Event, steps: Map<string, string>): Told {
  return (
    tellTurn(event) ??
    tellStep(event, steps) ??
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
      return [`turn ended: ${event.outcome}`, showDuration(event.afterMs), event.outcome];
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

function tellStep(event: Event, steps: Map<string, string>): Told | undefined {
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
    case 'files-claimed':
      return ['files', event.claims.map(tellClaim).join(', ')];
    case 'permission-asked':
      steps.set(event.step, event.title ?? 'permission');
      return ['may I?', event.title];
    case 'permission-answered':
      return [event.outcome, `${nameOf(event.step)} · by the ${event.by}`, event.outcome];
    case 'file-read':
      return ['read', event.path];
    case 'file-seen': {
      const guess = event.how === 'guess' ? ' (best effort)' : '';
      return ['saw', `${event.path}${event.blob === null ? ': not there' : ''}${guess}`];
    }
    case 'read-skipped':
      return ['saw', `${event.path}: not taken note of, ${event.reason}`];
    case 'file-written':
      return ['wrote', event.path];
    case 'stale-edit-found':
      return [`stale edit ${event.verdict}`, event.path, 'rejected'];
    case 'stale-edit-settled':
      return [`stale edit: ${event.choice}`, event.path];
    case 'lines-overwritten':
      return [
        'overwritten',
        `${showCount(event.lines, 'line')} of somebody else in ${event.path} · clew undo --lost ${shortId(event.alert)}`,
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
    default:
      return [event.type.replaceAll('-', ' ')];
  }
}

function tellClaim({ operation, path, source }: Claim): string {
  return `${operation} ${path}${source === 'command' ? ' (best effort)' : ''}`;
}
