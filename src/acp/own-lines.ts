/** Lines that clew itself says between the two sides, as the protocol wants them; each with its newline. */
import { readChosen } from './edit-asked.ts';
import { rawValueAt } from './raw-value.ts';

/** Begins every id that clew mints, so that no agent's or editor's own can be the same. */
export const ownIdPrefix = 'clew:';

type Problem = { readonly code: number; readonly message: string; readonly data?: object };

/** The answer to a request that goes no further. */
export function refusalOf(request: string, error: Problem): string {
  return `{"jsonrpc":"2.0","id":${rawIdOf(request)},"error":${JSON.stringify(error)}}\n`;
}

/** The answer that says no to a question for permission, and in `_meta` why it was not a person. */
export function rejectionOf(request: string, optionId: string, why: object): string {
  const result = { outcome: { outcome: 'selected', optionId }, _meta: { clew: why } };
  return `{"jsonrpc":"2.0","id":${rawIdOf(request)},"result":${JSON.stringify(result)}}\n`;
}

/** The same request with another text to write. */
export function withContent(request: string, content: string): string {
  const { method, params } = JSON.parse(request) as { method: string; params: object };
  const changed = JSON.stringify({ ...params, content });
  return `{"jsonrpc":"2.0","id":${rawIdOf(request)},"method":${JSON.stringify(method)},"params":${changed}}\n`;
}

export type Question = {
  readonly id: string;
  readonly agentSession: string;
  readonly title: string;
  readonly path: string;
  /** What is there, and what would be there; left out where it is no text. */
  readonly texts?: { readonly before: string; readonly after: string } | undefined;
  readonly choices: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'allow_once' | 'reject_once';
  }[];
};

/** Asks the person through the editor's own prompt for permission. */
export function questionOf({ id, agentSession, title, path, texts, choices }: Question): string {
  const diff = texts && {
    type: 'diff',
    path,
    oldText: texts.before,
    newText: texts.after,
  };
  const params = {
    sessionId: agentSession,
    toolCall: {
      toolCallId: id,
      title,
      kind: 'edit',
      status: 'pending',
      locations: [{ path }],
      content: diff === undefined ? [] : [diff],
    },
    options: choices.map((it) => ({ optionId: it.id, name: it.name, kind: it.kind })),
  };
  return `${JSON.stringify({ jsonrpc: '2.0', id, method: 'session/request_permission', params })}\n`;
}

/** The answer to such a question: which, and what was chosen; nothing for anything but a choice. */
export function readChosenId(answer: string): { id: string; chosen: string | undefined } {
  const { id } = JSON.parse(answer) as { id?: unknown };
  return { id: String(id), chosen: readChosen(answer) };
}

/** A word to the person, for editors that show such. */
export function noticeOf(agentSession: string, title: string, description: string): string {
  const update = { sessionUpdate: 'notice', severity: 'warning', title, description };
  const params = { sessionId: agentSession, update };
  return `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params })}\n`;
}

/** The text of a message's id, exactly as it was on the wire. */
function rawIdOf(line: string): string {
  return rawValueAt(line, ['id']) ?? 'null';
}
