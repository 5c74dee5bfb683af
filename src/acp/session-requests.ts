/** What an editor does with a session besides talking in it: list, close, delete, title, mode, model, options. */
import { closeSession } from './closing.ts';
import { type Session, say, sessionOf } from './sessions.ts';
import { changeSettings, readSettings, type Settings, valueText } from './settings.ts';
import { type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import { type Ask, sayAside, type Talk } from './talk.ts';

export const askList: Ask = (talk) => ({
  take(answer) {
    const sessions = answer.kind === 'result' ? shapeOf(answer.result).sessions : undefined;
    if (Array.isArray(sessions))
      sayAside(talk, { type: 'sessions-listed', count: sessions.length });
  },
});

export const askClose: Ask = (talk, params) => askEnd(talk, params, 'close');
export const askDelete: Ask = (talk, params) => askEnd(talk, params, 'delete');

function askEnd(talk: Talk, params: Shape, how: 'close' | 'delete'): ReturnType<Ask> {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session = sessionOf(talk, agentId);
  return {
    session,
    take(answer) {
      if (answer.kind !== 'result') return;
      closeSession(talk, session);
      say(talk, session, { type: 'session-closed', how });
    },
  };
}

export const askTitle: Ask = (talk, params) =>
  askSetting(talk, params, { title: textOf(params.title) });

export const askMode: Ask = (talk, params) =>
  askSetting(talk, params, { mode: wordOf(params.modeId) });

export const askModel: Ask = (talk, params) =>
  askSetting(talk, params, { model: wordOf(params.modelId) });

export const askOption: Ask = (talk, params) => {
  const id = wordOf(params.configId);
  const value = valueText(params.value);
  return askSetting(
    talk,
    params,
    id === undefined || value === undefined ? {} : settingOf(talk, params, id, value),
  );
};

/** Whether an option is the mode or the model is known only from its category, which the answer repeats. */
function settingOf(talk: Talk, params: Shape, id: string, value: string): Settings {
  const session = talk.sessions.get(wordOf(params.sessionId) ?? '');
  if (session?.options.has(id) || (id !== 'model' && id !== 'mode'))
    return { options: [{ id, value }] };
  return id === 'model' ? { model: value } : { mode: value };
}

/** It counts when it is answered; an answer that has all options says more than the question did. */
function askSetting(talk: Talk, params: Shape, settings: Settings): ReturnType<Ask> {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session: Session = sessionOf(talk, agentId);
  return {
    session,
    take(answer) {
      if (answer.kind !== 'result') return;
      const result = shapeOf(answer.result);
      changeSettings(
        talk,
        session,
        Array.isArray(result.configOptions) ? readSettings(result) : settings,
      );
    },
  };
}
