/** Lays out the project's state for people. */
import type { StateConflict, StateGet, StateImport, StateItem } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import type { Io } from './io.ts';
import { openPaint, type Paint } from './paint.ts';
import { showLine } from './printable.ts';

const shownItems = 12;
const shownCheckpoints = 5;

export function showProject(
  { project, projected }: StateGet['result'],
  screen: Pick<Io, 'usesColor'>,
): string {
  const paint = openPaint(screen);
  const { purpose, milestones, decisions, questions, tasks, checkpoints, conflicts } = project;
  const open = questions.filter((it) => it.status !== 'answered');
  const { problem } = projected ?? {};
  const blocks = [
    purpose.map((it) => paint(showLine(it.text ?? ''), 'strong')),
    showList('Milestones', milestones.map(showMilestone), paint),
    showList('Decisions', byTime(decisions).map(showDecision), paint),
    showList('Questions', byTime(open).map(showItem), paint),
    showList('Tasks', tasks.map(showItem), paint),
    showList('Where it stood', byTime(checkpoints).map(showStood).slice(-shownCheckpoints), paint),
    conflicts.length === 0 ? [] : [tellConflicts(conflicts.length, paint)],
    problem === undefined ? [] : [paint(showLine(problem), 'bad')],
  ].filter((it) => it.length > 0);
  if (blocks.length === 0)
    return "nothing is written down of the project yet; `clew state set purpose '…'` begins\n";
  return `${blocks.map((it) => it.join('\n')).join('\n\n')}\n`;
}

function tellConflicts(count: number, paint: Paint): string {
  return paint(`${showCount(count, 'conflict')}: see \`clew state conflicts\``, 'bad');
}

const byTime = (items: readonly StateItem[]) =>
  [...items].sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1));

function showList(title: string, lines: readonly string[], paint: Paint): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - shownItems;
  const shown = more > 0 ? [`- ${more} before these`, ...lines.slice(-shownItems)] : lines;
  return [paint(title, 'strong'), ...shown.map((it) => `  ${it}`)];
}

const textOf = ({ text, title, id }: StateItem) =>
  showLine(text ?? (typeof title === 'string' ? title : id));

function showItem(item: StateItem): string {
  const answer = item.answer === undefined ? '' : `: ${showLine(item.answer)}`;
  return `- ${textOf(item)}${answer}  (${showLine(item.id)})`;
}

function showMilestone(item: StateItem): string {
  return `- [${item.status === 'done' ? 'x' : ' '}] ${textOf(item)}  (${showLine(item.id)})`;
}

function showDecision(item: StateItem): string {
  const carried = item.commit === undefined ? '' : `, in ${showLine(item.commit.slice(0, 12))}`;
  return `- ${textOf(item)}  (${showLine(item.id)}${carried})`;
}

function showStood({ branch, commit, checkpoint, why, text, at = '' }: StateItem): string {
  const named = [branch, commit?.slice(0, 12)].filter((it) => it !== undefined).join(' ');
  const back = checkpoint === undefined ? '' : `checkpoint ${checkpoint.slice(-6).toLowerCase()}`;
  const place = [showLine(named), back].filter((it) => it !== '').join(', ');
  // git's own words begin with what was done.
  const isSaid = why !== undefined && text?.startsWith(`${why}: `) === true;
  const about = [isSaid ? undefined : why, text].filter((it) => it !== undefined).map(showLine);
  return `- ${at.slice(0, 10)} ${place}  ${about.join(': ')}`;
}

export function showConflicts(
  conflicts: readonly StateConflict[],
  screen: Pick<Io, 'usesColor'>,
): string {
  if (conflicts.length === 0) return 'no conflicts\n';
  const paint = openPaint(screen);
  const blocks = conflicts.map(({ id, section, sides }) => {
    const lines = sides.map(({ version, value, by, how }) => {
      const said = value === undefined ? '(removed)' : tellValue(value);
      const who = [by, how].filter((it) => it !== undefined).join(', ');
      return `  ${version}  ${showLine(said)}${who === '' ? '' : `  (${who})`}`;
    });
    return [`${paint(showLine(id), 'strong')} in ${section}`, ...lines].join('\n');
  });
  const [first] = conflicts;
  const example = `clew state conflicts --take ${first?.id}=${first?.sides[0]?.version}`;
  return `${blocks.join('\n\n')}\n\nchoose a side: \`${showLine(example)}\`\n`;
}

/** Two sides may differ in more than their text. */
function tellValue({ id: _, text, ...rest }: StateItem): string {
  const { at: _at, by: _by, origin: _origin, ...told } = rest;
  const more = Object.keys(told).length === 0 ? '' : ` ${JSON.stringify(told)}`;
  return `${text ?? ''}${more}`;
}

export function showChanges(
  { found, path, changes, conflicts, problem, dryRun }: StateImport['result'],
  screen: Pick<Io, 'usesColor'>,
): string {
  const paint = openPaint(screen);
  if (!found) return `there is no ${showLine(path)}; \`clew state init\` makes it\n`;
  const would = dryRun ? 'would be ' : '';
  const lines = changes.map(({ id, was, value }) => {
    const what = value === undefined ? 'removed' : was.length === 0 ? 'added' : 'changed';
    const text = value?.text === undefined ? '' : `: ${showLine(value.text)}`;
    return `${showLine(id)} ${would}${what}${text}`;
  });
  return `${[
    ...(lines.length === 0 && problem === undefined ? ['nothing was changed in it'] : lines),
    ...(conflicts.length === 0 ? [] : [tellConflicts(conflicts.length, paint)]),
    ...(problem === undefined ? [] : [paint(showLine(problem), 'bad')]),
  ].join('\n')}\n`;
}
