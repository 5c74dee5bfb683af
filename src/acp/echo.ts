/** Knows the user's prompt again when the agent sends it back as a message; it is recorded once. */
import type { Shape } from './shape.ts';
import { textOf } from './shape.ts';

export type Echo = {
  readonly text: string;
  /** How much of it has come back. */
  at: number;
  /** The id that the agent gave the user's message, once it is known. */
  messageId: string | undefined;
};

/** Whether a chunk of a user's message only repeats the prompt. */
export function hearEcho(
  echo: Echo | undefined,
  messageId: string | undefined,
  content: Shape,
): boolean {
  if (echo === undefined) return false;
  if (echo.messageId !== undefined && messageId !== undefined) return messageId === echo.messageId;
  const text = content.type === 'text' ? textOf(content.text) : undefined;
  // What is not text comes back only with the rest of the prompt.
  if (text === undefined) return echo.at > 0 || echo.text === '';
  if (!echo.text.startsWith(text, echo.at)) return false;
  echo.at += text.length;
  echo.messageId = messageId;
  return true;
}
