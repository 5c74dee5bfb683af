/** Reads a message as JSON-RPC 2.0 has them, and says of anything else what is wrong with it. */
import { rawValueAt } from '../acp/raw-value.ts';
import { isShape, readJson } from '../journal/json.ts';
import { isDeeper, splitArray } from './json-text.ts';

export type Message =
  /** `id` as it was written; undefined for a notification. */
  | {
      readonly kind: 'call';
      readonly id: string | undefined;
      /** The same for ids that are the same, however they are written. */
      readonly key: string | undefined;
      readonly method: string;
      readonly params: object | undefined;
      readonly text: string;
    }
  | { readonly kind: 'answer' }
  | {
      readonly kind: 'wrong';
      readonly id: string;
      readonly code: 'unreadable' | 'invalid-request';
      readonly why: string;
    };

/** One message, or all of a batch. */
export type Said = { readonly batch: readonly Message[] } | { readonly one: Message };

const depthLimit = 256;
const batchLimit = 100;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function readMessage(bytes: Uint8Array): Said {
  const text = decode(bytes);
  if (text === undefined) return { one: unreadable('it is not UTF-8') };
  if (text.startsWith('\ufeff')) return { one: unreadable('it begins with a byte order mark') };
  if (isDeeper(text, depthLimit))
    return { one: invalid(`it is nested deeper than ${depthLimit} levels`) };
  const value = readJson(text);
  if (value === undefined) return { one: unreadable('it is not JSON') };
  if (!Array.isArray(value)) return { one: judge(value, text) };
  if (value.length === 0) return { one: invalid('the batch is empty') };
  if (batchLimit < value.length)
    return { one: invalid(`a batch has ${batchLimit} messages at most`) };
  const texts = splitArray(text);
  return { batch: value.map((it, n) => judge(it, texts[n] ?? '')) };
}

function judge(value: unknown, text: string): Message {
  if (!isShape(value)) return invalid('a message is an object');
  const id = 'id' in value ? rawValueAt(text, ['id']) : undefined;
  if (id !== undefined && !isId(value['id'])) return invalid('an id is a string, a number or null');
  const answering = id ?? 'null';
  const { method, params } = value;
  const isAnswer = method === undefined && ('result' in value || 'error' in value);
  if (value['jsonrpc'] !== '2.0') return invalid('jsonrpc is "2.0" in every message', answering);
  if (isAnswer) return { kind: 'answer' };
  if (typeof method !== 'string') return invalid('there is no method, as a string', answering);
  if (params !== undefined && (typeof params !== 'object' || params === null))
    return invalid('params are an object or an array', answering);
  const key = id === undefined ? undefined : keyOf(value['id'], id);
  return { kind: 'call', id, key, method, params, text };
}

/** A string may be written in several ways. A number is another one when it is written otherwise: 1.0 is not 1. */
export function keyOf(id: unknown, raw: string): string {
  return typeof id === 'string' ? JSON.stringify(id) : raw;
}

function isId(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function unreadable(why: string): Message {
  return { kind: 'wrong', id: 'null', code: 'unreadable', why: `a message was not read: ${why}` };
}

function invalid(why: string, id = 'null'): Message {
  return { kind: 'wrong', id, code: 'invalid-request', why: `a message was refused: ${why}` };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
