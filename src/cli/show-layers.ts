/** Lays out the layers of sessions for people. */
import type { LayerCard, ShortLayer } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import { layOut } from './grid.ts';
import type { Io } from './io.ts';
import { showAge, showDuration } from './moments.ts';
import { nameOutcome } from './name-outcome.ts';
import { openPaint, type Paint, paintOutcome } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

type Screen = Pick<Io, 'columns' | 'usesColor' | 'now'>;

/** Of each list; the rest is in --json. */
const shownTurns = 10;
const shownItems = 12;

export function showSessionLayers(cards: readonly LayerCard[], screen: Screen): string {
  if (cards.length === 0) return 'no session is known here yet\n';
  const paint = openPaint(screen);
  const rows = cards.map((it) => [
    { text: shortId(it.session), paint: (text: string) => paint(text, 'strong') },
    { text: showAge(Date.parse(it.updatedAt), screen.now()) },
    { text: showLine(it.branch ?? '') },
    { text: showCount(it.turns, 'turn') },
    { text: it.open === 0 ? '' : `${it.open} open` },
    { text: it.state },
    { text: [it.agent, it.title].flatMap((text) => (text ? [showLine(text)] : [])).join(' · ') },
  ]);
  const yields = [
    [6, 12],
    [2, 6],
  ] as const;
  return `${layOut(rows, { indent: '', columns: screen.columns, yields }).join('\n')}\n`;
}

export function showSessionLayer(layer: ShortLayer, screen: Screen): string {
  const paint = openPaint(screen);
  const blocks = [
    [showHead(layer, screen, paint), ...showPlace(layer)],
    showBlock('Turns', showTurns(layer, paint), paint),
    showBlock('Open', showOpen(layer), paint),
    showBlock('Decided', showLastOf(layer.decisions.map((it) => `- ${showLine(it.text)}`)), paint),
    showBlock('Commits', showLastOf(layer.commits.map(showCommit)), paint),
    showBlock('Edited', showLastOf(layer.edited.map(showTouched)), paint),
    showBlock('Tasks', showLastOf((layer.tasks ?? []).map(showTask)), paint),
    showBlock('Tests', showLastOf(layer.tests.map((it) => showTest(it, paint))), paint),
    showBlock('Look at', showLastOf(layer.alerts.map((it) => `- ${showLine(it.text)}`)), paint),
  ];
  const shown = blocks.filter((it) => 0 < it.length).map((it) => it.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function showHead(layer: ShortLayer, { now }: Screen, paint: Paint): string {
  const { session, agent, title, state, updatedAt } = layer;
  const about = [agent?.name, title].filter((it) => it !== undefined).map(showLine);
  const parts = [...about, showAge(Date.parse(updatedAt), now())].join(' · ');
  return `${paint(shortId(session), 'strong')}  ${parts} · ${paintOutcome(paint, state, state)}`;
}

function showPlace({ branch, head, tree, after, forked }: ShortLayer): string[] {
  const at = head === undefined ? [] : [head.slice(0, 12)];
  const dirty =
    tree === undefined || tree.changed + tree.missing === 0
      ? []
      : [`${showCount(tree.changed + tree.missing, 'file')} not as in git's index`];
  const place = [...(branch === undefined ? [] : [`on ${showLine(branch)}`]), ...at, ...dirty];
  return [
    ...(place.length === 0 ? [] : [place.join(', ')]),
    ...(forked === undefined ? [] : [`brought along from ${tellLeft(forked)}`]),
    ...(after === undefined ? [] : [`goes on from ${shortId(after.session)} (${after.how})`]),
  ];
}

const tellLeft = ({ branch, head }: NonNullable<ShortLayer['forked']>) =>
  showLine(branch ?? head?.slice(0, 12) ?? 'no branch');

function showTask({
  title,
  how,
  status,
  by,
  own,
}: NonNullable<ShortLayer['tasks']>[number]): string {
  const who = own === true ? ' by the agent' : by === undefined ? '' : ` by ${showLine(by)}`;
  const now = how === 'edited' || how === status ? '' : `, now ${status}`;
  return `- ${showLine(title)} (${how}${who}${now})`;
}

function showTurns({ turns, earlier }: ShortLayer, paint: Paint): string[] {
  const hidden = Math.max(0, turns.length - shownTurns) + (earlier?.turns ?? 0);
  const shown = turns.slice(-shownTurns).flatMap((it) => {
    const files = it.edited === undefined ? [] : [showCount(it.edited, 'file')];
    const lines = it.added || it.removed ? [`+${it.added ?? 0} -${it.removed ?? 0}`] : [];
    const took = it.tookMs === undefined ? [] : [showDuration(it.tookMs)];
    const facts = [nameOutcome(it.outcome ?? 'goes on'), ...took, ...files, ...lines].join(', ');
    const head = `- ${showLine(it.prompt ?? '(begun by the agent)')}`;
    const said = it.said === undefined ? [] : [`    ${showLine(it.said)}`];
    return [head, `    ${paintOutcome(paint, it.outcome ?? '', facts)}`, ...said];
  });
  return hidden === 0 ? shown : [`- ${showCount(hidden, 'turn')} before these`, ...shown];
}

function showOpen({ pending, questions }: ShortLayer): string[] {
  const plans = pending.map(({ text, status }) => {
    const mark = status === 'in_progress' ? '>' : ' ';
    return `- [${mark}] ${showLine(text)}`;
  });
  return [...showLastOf(plans), ...questions.map((it) => `- ${showLine(it.text)}?`)];
}

function showCommit({ commit, message, by }: ShortLayer['commits'][number]): string {
  const who = by === 'own' ? ' (by the agent)' : by === 'person' ? ' (by a person)' : '';
  return `- ${commit.slice(0, 12)} ${showLine(message ?? '')}${who}`;
}

function showTouched({ path, added, removed }: ShortLayer['edited'][number]): string {
  const lines = added === undefined && removed === undefined;
  return `- ${showLine(path)}${lines ? '' : ` +${added ?? 0} -${removed ?? 0}`}`;
}

function showTest(test: ShortLayer['tests'][number], paint: Paint): string {
  const { command, outcome, exitCode, afterLastEdit } = test;
  const failed = exitCode !== undefined && exitCode !== 0;
  const ended = exitCode === undefined ? outcome : `exit code ${exitCode}`;
  const state = failed ? paint(ended, 'bad') : paintOutcome(paint, outcome, ended);
  return `- ${showLine(command)}: ${state}${afterLastEdit ? '' : ', before the last edit'}`;
}

function showLastOf(lines: readonly string[]): string[] {
  const more = lines.length - shownItems;
  return more <= 0 ? [...lines] : [`- ${more} before these`, ...lines.slice(-shownItems)];
}

function showBlock(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint(title, 'strong'), ...lines.map((it) => `  ${it}`)];
}
