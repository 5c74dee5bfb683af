/** Reads one line as a JSON-RPC message, or says why it is none. */
import type { Problem } from '../contract/types.gen.ts';
import { rawValueAt } from './raw-value.ts';
import { isObject, nothing, numberOf, type Shape, textOf } from './shape.ts';
import { whyUnread } from './why-unread.ts';

export type Message =
  | {
      readonly kind: 'request';
      readonly id: string;
      /** The id exactly as it was written, for who answers. */
      readonly rawId: string;
      readonly method: string;
      readonly params: Shape;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: Shape }
  | {
      readonly kind: 'answer';
      readonly id: string;
      readonly result: unknown;
      readonly problem?: Problem;
    };

export type Unread =
  | { readonly kind: 'blank' }
  | {
      readonly kind: 'opaque';
      readonly why: 'too-deep' | 'too-many' | 'not-json' | 'not-a-message';
    };

/** Some programs write one before their first word. */
const byteOrderMark = '\ufeff';
const blank: Unread = { kind: 'blank' };

export function parseLine(text: string): Message | Unread {
  const why = whyUnread(text);
  if (why !== undefined) return { kind: 'opaque', why };
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
  } catch {
    // Log lines and torn frames go by here; the verdict is all there is to say about them.
    return text.trim() === '' ? blank : { kind: 'opaque', why: 'not-json' };
  }
  return messageOf(value, text) ?? { kind: 'opaque', why: 'not-a-message' };
}

function messageOf(value: unknown, text: string): Message | undefined {
  if (!isObject(value)) return undefined;
  const method = value.method;
  if (typeof method === 'string') {
    const params = isObject(value.params) ? value.params : nothing;
    if (value.id === undefined) return { kind: 'notification', method, params };
    const id = idText(value.id, text, ['id']);
    return { kind: 'request', id, rawId: rawIdText(id, text), method, params };
  }
  if (method !== undefined || value.id === undefined) return undefined;
  const id = idText(value.id, text, ['id']);
  if (value.error !== undefined && value.error !== null)
    return { kind: 'answer', id, result: undefined, problem: problemOf(value.error) };
  return 'result' in value ? { kind: 'answer', id, result: value.result } : undefined;
}

/** The id as JSON text. The line is searched only where a parsed number has lost digits. */
export function idText(id: unknown, text: string, path: readonly string[]): string {
  if (typeof id === 'string') return JSON.stringify(id);
  if (Number.isSafeInteger(id) && !Object.is(id, -0)) return String(id);
  if (typeof id === 'number') return rawValueAt(text, path) ?? String(id);
  return id === null || typeof id === 'boolean' ? String(id) : 'null';
}

/** A string can be written in several ways; only one that is not in the line as it is needs a search. */
function rawIdText(id: string, text: string): string {
  if (!id.startsWith('"') || text.includes(id)) return id;
  return rawValueAt(text, ['id']) ?? id;
}

function problemOf(error: unknown): Problem {
  if (!isObject(error)) return { code: 0, message: textOf(error) ?? '' };
  return { code: numberOf(error.code) ?? 0, message: (textOf(error.message) ?? '').slice(0, 1000) };
}
