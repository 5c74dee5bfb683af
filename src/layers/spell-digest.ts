/** Spells a digest as Markdown: what others wrote stands in it as text, and never as a mark. */
import type { SessionDigest } from '../contract/types.gen.ts';

const listed = 30;

export function spellDigest(digest: SessionDigest): string {
  const { title, session, decisions, commits, tests, open, alerts, files } = digest;
  const end = session.slice(-6).toLowerCase();
  const blocks = [
    [`# ${title === undefined ? `Session ${end}` : plain(title)}`],
    tellAbout(digest, end),
    list('Asked', digest.asked.flatMap(tellAsked)),
    list('Files', tellFiles(digest)),
    list(
      'Decided',
      decisions.map(({ text, commit }) => item(text, commit && `in ${commit.slice(0, 12)}`)),
    ),
    list(
      'Commits',
      commits.map(({ commit, message, by }) =>
        item(`${commit.slice(0, 12)} ${message ?? ''}`.trim(), tellBy(by)),
      ),
    ),
    list(
      'Tasks',
      (digest.tasks ?? []).map((it) => item(it.title, tellTask(it))),
    ),
    list('Tests after the last edit', tellTests(tests, files.length > 0)),
    list(
      'Open',
      open.map(({ text }) => item(text)),
    ),
    list(
      'Look at',
      alerts.map((it) => item(it)),
    ),
  ];
  return `${blocks
    .filter((it) => it.length > 0)
    .map((it) => it.join('\n'))
    .join('\n\n')}\n`;
}

function tellAbout(digest: SessionDigest, end: string): string[] {
  const { agent, branch, head, state, startedAt, updatedAt, turns, title, after } = digest;
  const place = [branch, head?.slice(0, 12)].filter((it) => it !== undefined).join(' at ');
  const parts = [
    ...(title === undefined ? [] : [`session ${end}`]),
    ...(agent === undefined ? [] : [plain(agent)]),
    ...(place === '' ? [] : [`on ${plain(place)}`]),
    `${turns} ${turns === 1 ? 'turn' : 'turns'}`,
    `${startedAt.slice(0, 16).replace('T', ' ')} to ${updatedAt.slice(0, 16).replace('T', ' ')} UTC`,
    state,
  ];
  return [parts.join(', '), ...(after === undefined ? [] : [tellAfter(after)])];
}

/** Said plainly: how sure it is that one goes on from the other. */
export function tellAfter({
  session,
  how,
  branch,
  moves,
}: NonNullable<SessionDigest['after']>): string {
  const it = `session ${session.slice(-6).toLowerCase()}`;
  const back =
    moves === undefined || moves === 0
      ? ''
      : `, ${moves} ${moves === 1 ? 'commit' : 'commits'} back`;
  switch (how) {
    case 'same-commit':
      return `Goes on from ${it}, which ended on this branch and commit.`;
    case 'ancestor':
      return `Goes on from ${it} on this branch${back}.`;
    case 'parent-branch':
      return `Nothing is known of this branch; goes on from ${it} on ${plain(branch ?? 'another branch')}${back}.`;
    case 'rewritten':
      return `Goes on from ${it} on this branch, whose history was rewritten since.`;
    default:
      return `Goes on from ${it}, the last one here.`;
  }
}

function tellAsked({ prompt, outcome, said }: SessionDigest['asked'][number]): string[] {
  const ended = outcome === undefined || outcome === 'end_turn' ? undefined : outcome;
  const head = item(prompt ?? '(begun by the agent)', ended);
  return said === undefined ? [head] : [head, `  ${plain(said)}`];
}

function tellFiles({ files, lines }: SessionDigest): string[] {
  if (files.length === 0) return [];
  const more = files.length - listed;
  const of = lines.source === 'claims' ? ', as the agent told' : '';
  return [
    `${files.length} ${files.length === 1 ? 'file' : 'files'}, +${lines.added} -${lines.removed}${of}`,
    ...(more > 0 ? [`- ${more} more`] : []),
    ...files.slice(-listed).map(({ path, added, removed, by }) => {
      const counts =
        added === undefined && removed === undefined ? '' : ` +${added ?? 0} -${removed ?? 0}`;
      const authors = (by ?? []).map((it) => `${it.author} ${it.lines}`).join(', ');
      return `- ${code(path)}${counts}${authors === '' ? '' : ` (lines now: ${plain(authors)})`}`;
    }),
  ];
}

function tellTests({ afterLastEdit, before }: SessionDigest['tests'], hasEdits: boolean): string[] {
  if (afterLastEdit.length > 0)
    return afterLastEdit.map(({ command, outcome, exitCode }) => {
      const ended = exitCode === undefined ? outcome : `exit code ${exitCode}`;
      return `- ${code(command)}: ${ended}`;
    });
  if (before > 0) return [`- none; ${before} ran before it`];
  return hasEdits ? ['- none'] : [];
}

/** Changed meanwhile, by whomever: only what the agent did is the session's own. */
function tellTask({ how, status, by, own }: NonNullable<SessionDigest['tasks']>[number]): string {
  const now = how === 'edited' || how === status ? '' : `, now ${status}`;
  if (own === true) return `${how} by the agent${now}`;
  return by === undefined ? `${how}${now}` : `${how} by ${by}${now}`;
}

function tellBy(by: string | undefined): string | undefined {
  if (by === 'own') return 'by the agent';
  if (by === 'person') return 'by a person';
  return by === 'other' ? 'by another agent' : undefined;
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, ...lines];
}

function item(text: string, about?: string): string {
  return `- ${plain(text)}${about ? ` (${about})` : ''}`;
}

/** On one line, and nothing in it that Markdown would make something else of. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&');
}

function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map((it) => it[0].length)));
  return line.includes('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
