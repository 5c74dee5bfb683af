/** session/new, load, resume and fork: how a session comes to be, and what it is when it does. */
import { addBounded } from './bounded.ts';
import { settleSession } from './closing.ts';
import { beginReplay } from './replay.ts';
import { answerReplay } from './replays.ts';
import { announceSession, type Session, sessionOf } from './sessions.ts';
import { changeSettings, offerCommands, readSettings, takeSettings } from './settings.ts';
import { type Shape, shapeOf, wordOf } from './shape.ts';
import type { Ask, Talk } from './talk.ts';

export type Opening = {
  readonly how: 'new' | 'load' | 'resume' | 'fork' | 'seen';
  readonly cwd: string | undefined;
  readonly folders: string[] | undefined;
  /** clew's id of the session that it came from. */
  readonly parent: string | undefined;
  session: Session | undefined;
  /** The session was announced with this opening, before its answer came. */
  told: boolean;
};

export const askNew: Ask = (talk, params) => {
  const opening = readOpening('new', params, undefined);
  return askUnnamed(talk, opening);
};

export const askFork: Ask = (talk, params) => {
  const source = wordOf(params.sessionId);
  const parent =
    source === undefined
      ? undefined
      : (talk.sessions.get(source)?.id ?? talk.gifts.knownSession?.(source, wordOf(params.cwd)));
  return askUnnamed(talk, readOpening('fork', params, parent));
};

export const askLoad: Ask = (talk, params) => askNamed(talk, params, 'load');
export const askResume: Ask = (talk, params) => askNamed(talk, params, 'resume');

function readOpening(how: Opening['how'], params: Shape, parent: string | undefined): Opening {
  const folders = Array.isArray(params.additionalDirectories)
    ? params.additionalDirectories.filter((it) => typeof it === 'string')
    : [];
  return {
    how,
    cwd: wordOf(params.cwd),
    folders: folders.length > 0 ? folders : undefined,
    parent,
    session: undefined,
    told: false,
  };
}

/** The answer will name the session. */
function askUnnamed(talk: Talk, opening: Opening): ReturnType<Ask> {
  addBounded(talk.openings, opening, 100);
  return {
    take(answer) {
      talk.openings.delete(opening);
      if (answer.kind !== 'result') {
        if (opening.session !== undefined) opening.session.replay = undefined;
        return;
      }
      const result = shapeOf(answer.result);
      const agentId = wordOf(result.sessionId);
      if (agentId === undefined) return;
      const session = sessionOf(talk, agentId, opening);
      opened(talk, session, opening, result);
    },
  };
}

/** The request names the session, and its history may come before the answer. */
function askNamed(talk: Talk, params: Shape, how: 'load' | 'resume'): ReturnType<Ask> {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const opening = readOpening(how, params, undefined);
  const session = sessionOf(talk, agentId, opening);
  settleSession(talk, session);
  const earlier = session.opening;
  opening.session = session;
  session.opening = opening;
  session.replay = beginReplay();
  return {
    session,
    take(answer) {
      if (answer.kind === 'result') return opened(talk, session, opening, shapeOf(answer.result));
      if (session.opening === opening) session.opening = earlier;
      session.replay = undefined;
    },
  };
}

function opened(talk: Talk, session: Session, opening: Opening, result: Shape): void {
  session.cwd = opening.cwd ?? session.cwd;
  if (opening.told) changeSettings(talk, session, readSettings(result));
  else {
    session.opening = opening;
    takeSettings(session, readSettings(result));
    announceSession(talk, session);
  }
  answerReplay(talk, session, opening.how === 'load');
  offerCommands(talk, session, result);
}
