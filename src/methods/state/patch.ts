/** state/patch: changes the state of the project, or notes something in a session. */
import { hash } from 'node:crypto';
import type { ItemChange, StateChanged, StateItem, StatePatch } from '../../contract/types.gen.ts';
import { Failure } from '../../errors.ts';
import { momentOf } from '../../layers/begin-short.ts';
import { nameItem } from '../../layers/name-item.ts';
import type { ProjectShelf } from '../../store/open-project-shelf.ts';
import type { Context, Handler } from '../context.ts';
import { findSessionHead } from '../find-session-head.ts';
import { noteInSession } from '../note-in-session.ts';
import { listVersions, makeProject } from '../open-project.ts';
import { openShelf } from '../open-shelf.ts';

type Params = StatePatch['params'];

const digest = (text: string) => hash('sha256', text, 'hex');

export const statePatch: Handler<'state/patch'> = async (context, params) => {
  const { session, by = 'person' } = params;
  if (session !== undefined) return patchSession(context, params, session);
  const shelf = await makeProject(context);
  // First what lies in the file: it was there before.
  await shelf.settle();
  const changes = listChanges(context, shelf, params);
  const how: StateChanged['how'] = params.take === undefined ? 'set' : 'resolved';
  if (changes.length > 0) await shelf.change({ type: 'state-changed', how, by, changes });
  const { problem } = await shelf.settle();
  const changed = changes.map((it) => it.id);
  const copy = problem === undefined ? shelf.copy : undefined;
  return { changed, versions: listVersions(shelf, changed), ...(copy && { projected: copy }) };
};

function listChanges(
  context: Context,
  shelf: ProjectShelf,
  { put = [], remove = [], take = [], by = 'person' }: Params,
): ItemChange[] {
  const changes = put.map(({ section, item, was }): ItemChange => {
    const { id: own, at } = context.mint();
    const { id: asked, ...said } = item as Partial<StateItem>;
    const value = { ...said, at: said.at ?? momentOf(at), by: said.by ?? by };
    const id = asked ?? nameItem({ section, value: { ...value, id: '' } }, digest, own);
    const known = shelf.fold.heads(id)[0]?.value;
    return { id, section, was: standingOf(shelf, id, was), value: { id, ...known, ...value } };
  });
  const removals = remove.map(({ id, was }): ItemChange => {
    const section = shelf.fold.heads(id)[0]?.section;
    if (section === undefined) throw unknownItem(id);
    return { id, section, was: standingOf(shelf, id, was) };
  });
  return [...changes, ...removals, ...take.map((it) => takeSide(shelf, it))];
}

/** What is replaced: what stands, if that is what was seen; one side of a conflict is not enough. */
function standingOf({ fold }: ProjectShelf, id: string, was: string[] | undefined): string[] {
  const standing = [...fold.standing(id)];
  const isSeen = was === undefined || was.toSorted().join() === standing.join();
  if (isSeen && (was !== undefined || fold.heads(id).length < 2)) return standing;
  throw new Failure('conflict', `${id} is not as it was when you looked at it`, {
    data: { id, versions: standing },
    hint: 'see `clew state conflicts`, or look again and give the versions that stand as `was`',
  });
}

function takeSide({ fold }: ProjectShelf, { id, version }: { id: string; version: string }) {
  const side = fold.heads(id).find((it) => it.version.startsWith(version));
  if (side === undefined)
    throw new Failure('unknown-id', `${id} has no side ${version}`, {
      data: { id, versions: [...fold.standing(id)] },
      hint: '`clew state conflicts` shows the sides of each conflict',
    });
  const { section, value } = side;
  return { id, section, was: [...fold.standing(id)], ...(value === undefined ? {} : { value }) };
}

async function patchSession(context: Context, params: Params, session: string) {
  const { put = [], remove, take, by = 'person' } = params;
  const isPlain = remove === undefined && take === undefined;
  if (!isPlain || put.some(({ section }) => section !== 'decisions' && section !== 'questions'))
    throw new Failure('invalid-params', 'a session keeps only decisions and questions', {
      data: { method: 'state/patch', field: 'session' },
      hint: 'leave the session out to change the state of the project',
    });
  const head = findSessionHead(openShelf(context).heads(), session);
  const changed = [];
  for (const { section, item } of put) {
    const { text = '' } = item;
    const { id: own } = context.mint();
    const id = nameItem({ section, value: { id: '', text } }, digest, own);
    const kind = section === 'questions' ? 'questions' : 'decisions';
    await noteInSession(context, head.session, { type: 'item-noted', section: kind, id, text, by });
    changed.push(id);
  }
  return { changed, versions: {} };
}

function unknownItem(id: string): Failure {
  return new Failure('unknown-id', `there is no item ${id}`, {
    data: { id },
    hint: '`clew state` shows the items with their ids',
  });
}
