/** Title, model, mode and other options of a session: what the wire says they are, and telling what changed. */
import type { SessionChanged } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { announceSession, type Session, say } from './sessions.ts';
import { isObject, type Shape, shapeOf, shapesOf, wordOf } from './shape.ts';
import type { Talk } from './talk.ts';

export type Settings = {
  title?: string | undefined;
  model?: string | undefined;
  mode?: string | undefined;
  options?: { id: string; value: string }[] | undefined;
};

/** Reads the places where an answer or an update tells them: `configOptions`, `modes` and `models`. */
export function readSettings(from: Shape): Settings {
  const settings: Settings = { options: [] };
  for (const option of shapesOf(from.configOptions)) {
    const id = wordOf(option.configId) ?? wordOf(option.id);
    const value = valueText(option.currentValue);
    if (id === undefined || value === undefined) continue;
    const role = wordOf(option.category) ?? id;
    if (role === 'model') settings.model = value;
    else if (role === 'mode') settings.mode = value;
    else settings.options?.push({ id, value });
  }
  settings.mode ??= wordOf(shapeOf(from.modes).currentModeId);
  settings.model ??= wordOf(shapeOf(from.models).currentModelId);
  return settings;
}

export function valueText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : undefined;
}

/** Takes the settings over, and says which are new. */
export function changeSettings(talk: Talk, session: Session, settings: Settings): void {
  if (!session.announced) announceSession(talk, session);
  const changes = known(takeSettings(session, settings));
  if (Object.keys(changes).length === 0) return;
  say(talk, session, { type: 'session-changed', ...changes });
}

/** Takes the settings over without a word; answers with what is new. */
export function takeSettings(session: Session, settings: Settings): Omit<SessionChanged, 'type'> {
  const changes: Omit<SessionChanged, 'type'> = {};
  for (const name of ['title', 'model', 'mode'] as const) {
    const value = settings[name]?.slice(0, 1000);
    if (value === undefined || value === session[name]) continue;
    session[name] = value;
    changes[name] = value;
  }
  const options = (settings.options ?? []).filter((it) => session.options.get(it.id) !== it.value);
  for (const option of options.slice(0, 100)) session.options.set(option.id, option.value);
  if (options.length > 0) changes.options = options.slice(0, 100);
  return changes;
}

/** The commands' names, if the shape has them and they are not those of last time. */
export function offerCommands(talk: Talk, session: Session, from: Shape): boolean {
  if (!Array.isArray(from.availableCommands)) return false;
  const names = from.availableCommands.flatMap((it) =>
    isObject(it) ? (wordOf(it.name) ?? []) : [],
  );
  const key = names.join('\n');
  if (session.lastSaid.get('commands') === key) return true;
  session.lastSaid.set('commands', key);
  say(talk, session, { type: 'commands-offered', names });
  return true;
}
