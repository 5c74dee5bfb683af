/** Updates about the session itself: commands, mode, options, title, notices, compaction, sub-agents. */
import { replayNow } from './replays.ts';
import { announceSession, say, sessionOf } from './sessions.ts';
import { changeSettings, offerCommands, readSettings } from './settings.ts';
import { isObject, shapeOf, textOf, wordOf } from './shape.ts';
import type { HearUpdate } from './talk.ts';

const noticeLength = 4000;

export const hearCommands: HearUpdate = (talk, session, update) =>
  offerCommands(talk, session, update);

export const hearMode: HearUpdate = (talk, session, update) => {
  const mode = wordOf(update.currentModeId) ?? wordOf(update.modeId);
  if (mode === undefined) return false;
  changeSettings(talk, session, { mode });
  return true;
};

export const hearOptions: HearUpdate = (talk, session, update) => {
  if (!Array.isArray(update.configOptions)) return false;
  changeSettings(talk, session, readSettings(update));
  return true;
};

/** `session_info_update` also carries extensions of single agents; those are kept as they came. */
export const hearInfo: HearUpdate = (talk, session, update) => {
  if (update.title === undefined) return !isObject(update._meta);
  changeSettings(talk, session, { title: textOf(update.title) ?? '' });
  return true;
};

export const hearNotice: HearUpdate = (talk, session, update) => {
  const words = [textOf(update.title), textOf(update.description)].filter((it) => it);
  if (words.length === 0) return false;
  const level = wordOf(update.severity);
  const text = words.join('\n').slice(0, noticeLength);
  if (replayNow(talk, session) !== undefined) return true;
  say(talk, session, { type: 'session-noticed', text, ...(level === undefined ? {} : { level }) });
  return true;
};

export const hearCompaction: HearUpdate = (talk, session, update) => {
  const status = wordOf(update.status);
  if (status === undefined) return false;
  if (replayNow(talk, session) !== undefined) return true;
  const problem = textOf(update.error);
  const text =
    problem === undefined
      ? `compaction ${status}`
      : `compaction ${status}: ${problem.slice(0, 500)}`;
  say(talk, session, { type: 'session-noticed', text, level: 'compaction' });
  return true;
};

/** A sub-agent has a session of its own; here its parent names it. */
export const hearSubagent: HearUpdate = (talk, session, update) => {
  const agentId = wordOf(update.sessionId);
  if (agentId === undefined) return false;
  const child = sessionOf(talk, agentId, {
    how: 'seen',
    cwd: wordOf(update.cwd),
    folders: undefined,
    parent: session.id,
    session: undefined,
    told: false,
  });
  const title = textOf(update.title) ?? textOf(shapeOf(update).description);
  if (child.announced) changeSettings(talk, child, { title });
  else {
    child.title = title;
    announceSession(talk, child);
  }
  return true;
};
