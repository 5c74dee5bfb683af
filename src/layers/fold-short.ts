/** Folds a session's entries into its short layer, one after another. */
import type {
  Event,
  MessageSaid,
  PermissionAnswered,
  PlanChanged,
  ShortLayer,
  StepChanged,
  StepEnded,
  StepStarted,
  TurnEnded,
  TurnStarted,
} from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { known } from '../journal/known.ts';
import { momentOf } from './begin-short.ts';
import { boundShort } from './bound-short.ts';
import { firstLine, lastWords } from './excerpt.ts';
import { foldAround } from './fold-around.ts';
import { isTestCommand } from './is-test-command.ts';
import { orderKeys } from './order-keys.ts';
import { tellAlert } from './tell-alert.ts';
import { countTouched, openTouched, type Touched } from './touched.ts';

export type ShortFold = {
  take(entry: Entry): void;
  /** What another writer told of the session, or of the workspace. */
  hear(entry: Entry): void;
  /** As it is now, within its budget. */
  layer(): ShortLayer;
};

/** What a layer does not keep, and the next event may need. */
type Step = { readonly title: string; readonly kind: string | undefined; readonly turn: string };
type Test = ShortLayer['tests'][number] & { step?: string };

const titleLimit = 300;
const saidLimit = 400;
/** Steps that were begun and of which no end was heard, and bounds between two looks at the budget. */
const openLimit = 1_000;
const looseLimit = 200;

/** Goes on from a layer that was kept. `nameOf` makes a path relative to the workspace. */
export function foldShort(begun: ShortLayer, nameOf: (path: string) => string): ShortFold {
  let layer: ShortLayer = begun;
  let through = begun.through;
  let updatedAt: number | undefined;
  let changes = 0;
  const steps = new Map<string, Step>();
  const tests = new Map<string, Test>();
  const touched: Touched = openTouched(nameOf);
  let said: { step: string; text: string } | undefined;

  function set(change: Partial<ShortLayer>): void {
    layer = { ...layer, ...change };
    changes += 1;
  }

  function changeTurn(turn: string, change: Partial<ShortLayer['turns'][number]>): void {
    const at = layer.turns.findLastIndex((it) => it.turn === turn);
    const known = layer.turns[at];
    if (known === undefined) return;
    set({ turns: layer.turns.with(at, { ...known, ...change }) });
  }

  function startTurn({ turn, prompt }: TurnStarted, at: number): void {
    said = undefined;
    const asked = prompt === undefined ? {} : { prompt: firstLine(prompt, titleLimit) };
    set({ turns: [...layer.turns, { turn, at: momentOf(at), ...asked }], state: 'open' });
  }

  function endTurn({ turn, outcome, afterMs }: TurnEnded): void {
    const words = said === undefined ? {} : { said: lastWords(said.text, saidLimit) };
    const { files, added, removed } = touched.endTurn(turn);
    const counts = files === 0 ? {} : { edited: files, added, removed };
    changeTurn(turn, { outcome, tookMs: Math.round(afterMs), ...words, ...counts });
    said = undefined;
  }

  function startStep({ step, turn, kind, title = '', tool, role }: StepStarted): void {
    if (kind === 'message' && role !== 'user') said = { step, text: '' };
    if (kind !== 'tool' && kind !== 'terminal') return;
    const toolKind = kind === 'terminal' ? 'execute' : tool?.kind;
    steps.set(step, { title, kind: toolKind, turn });
    const [oldest] = steps.keys();
    if (openLimit < steps.size && oldest !== undefined) steps.delete(oldest);
    const known = layer.turns.findLast((it) => it.turn === turn);
    changeTurn(turn, { tools: (known?.tools ?? 0) + 1 });
    lookForTest(step);
  }

  function changeStep({ step, title, toolKind }: StepChanged): void {
    const known = steps.get(step);
    if (known === undefined) return;
    steps.set(step, { ...known, title: title ?? known.title, kind: toolKind ?? known.kind });
    lookForTest(step);
  }

  function lookForTest(step: string): void {
    const known = steps.get(step);
    if (known === undefined || known.kind !== 'execute' || !isTestCommand(known.title)) return;
    const command = firstLine(known.title, titleLimit);
    const { turn } = known;
    const test: Test = { command, outcome: 'running', turn, afterLastEdit: true };
    replaceTest(step, { ...(tests.get(step) ?? test), command });
  }

  function replaceTest(step: string, test: Test): void {
    const before = tests.get(step);
    tests.set(step, test);
    const at = before === undefined ? -1 : layer.tests.indexOf(before);
    set({ tests: at === -1 ? [...layer.tests, test] : layer.tests.with(at, test) });
  }

  function endStep({ step, outcome, exitCode }: StepEnded): void {
    const test = tests.get(step);
    if (test !== undefined)
      replaceTest(step, { ...test, outcome, ...(exitCode === undefined ? {} : { exitCode }) });
    tests.delete(step);
    steps.delete(step);
    if (touched.endStep(step, outcome)) noteEdit();
  }

  /** Tests that began before it say nothing about what there is now. */
  function noteEdit(): void {
    const stale = (it: Test): Test => (it.afterLastEdit ? { ...it, afterLastEdit: false } : it);
    const renewed = new Map(layer.tests.map((it) => [it, stale(it)]));
    set({ tests: [...renewed.values()] });
    for (const [step, it] of tests) tests.set(step, renewed.get(it) ?? it);
  }

  function say({ step, role, text }: MessageSaid): void {
    if (role !== 'agent') return;
    const before = said?.step === step ? said.text : '';
    said = { step, text: (before + text).slice(-2 * saidLimit) };
  }

  function plan({ plan: id, entries, removed }: PlanChanged): void {
    const own = id === undefined ? {} : { plan: id };
    const others = layer.pending.filter((it) => it.plan !== id);
    const open = removed === true ? [] : entries.filter((it) => it.status !== 'completed');
    const told = open.map(({ content, status, priority }) => ({
      text: firstLine(content, titleLimit),
      status,
      ...(priority === undefined ? {} : { priority }),
      ...own,
    }));
    set({ pending: [...others, ...told] });
  }

  function refuse({ outcome, by, step }: PermissionAnswered, at: number): void {
    const known = steps.get(asked.get(step) ?? '');
    asked.delete(step);
    if (outcome !== 'rejected' || by !== 'editor') return;
    const about = known === undefined ? 'something that the agent asked for' : known.title;
    alert(`not allowed by a person: ${firstLine(about, titleLimit)}`, at, known?.turn);
  }

  function alert(text: string, at: number, turn: string | undefined): void {
    set({ alerts: [...layer.alerts, { at: momentOf(at), text, ...known({ turn }) }] });
  }

  /** The step that a question is about. */
  const asked = new Map<string, string>();

  function follow(event: Event, at: number): void {
    switch (event.type) {
      case 'session-opened': {
        const { agentSession, parent, model, title } = event;
        return set({ ...known({ agentSession, parent, model, title }), state: 'open' });
      }
      case 'session-changed':
        return set(known({ title: event.title, model: event.model }));
      case 'session-closed':
        return set({ state: 'closed' });
      case 'turn-started':
        return startTurn(event, at);
      case 'turn-ended':
        return endTurn(event);
      case 'step-started':
        return startStep(event);
      case 'step-changed':
        return changeStep(event);
      case 'step-ended':
        return endStep(event);
      case 'message-said':
        return say(event);
      case 'plan-changed':
        return plan(event);
      case 'permission-asked':
        if (event.on !== undefined) asked.set(event.step, event.on);
        return;
      case 'permission-answered':
        return refuse(event, at);
      default:
        return followRest({ event, at });
    }
  }

  function followRest(entry: Pick<Entry, 'event' | 'at'>): void {
    const { event } = entry;
    switch (event.type) {
      case 'files-claimed':
        return touched.claim(event);
      case 'file-read':
        return touched.read(event);
      case 'file-written':
        if (touched.write(event)) noteEdit();
        return;
      case 'recording-ended':
        return layer.state === 'open' ? set({ state: 'ended' }) : undefined;
      default: {
        const around = foldAround(layer, entry, through?.writer);
        if (around !== layer) changes += 1;
        layer = around;
      }
    }
  }

  return {
    take(entry) {
      const { event, at, writer, seq } = entry;
      // A journal that is read again must not count twice.
      if (through?.writer === writer && seq <= through.seq) return;
      follow(event, at);
      const text = tellAlert(event);
      if (text !== undefined) alert(text, at, 'turn' in event ? event.turn : undefined);
      updatedAt = at;
      through = { writer, seq };
      if (looseLimit < changes) layer = settle();
    },
    hear: ({ event, at }) => follow(event, at),
    layer: () => (layer = settle()),
  };

  function settle(): ShortLayer {
    changes = 0;
    const at = updatedAt === undefined ? {} : { updatedAt: momentOf(updatedAt) };
    const counted = countTouched(layer, touched.take());
    return orderKeys(boundShort({ ...counted, ...at, ...known({ through }) }));
  }
}
