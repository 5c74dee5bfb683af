/** Keeps an account of whose each line is while a recording is played, without looking at how clew does. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffArrays } from 'diff';
import type { Moment, PlayOptions } from './recorded-world.ts';

/** A tool call of the agent; nothing: it was there before, or a person typed it. */
export type Owner = { readonly call: string; readonly isCommand: boolean } | undefined;

type Account = { readonly lines: readonly string[]; readonly owners: readonly Owner[] };
type Fields = { readonly [name: string]: unknown };

export type WhoseLines = {
  readonly options: PlayOptions;
  /** After the last line: what nobody looked at is still to be typed. */
  finish(): void;
  /** By path, of the files that are there. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Lines that the person typed. */
  readonly typed: readonly string[];
};

/** With `types`, a person types into each file that the agent changes: at the same moment, and when it is done. */
export function openWhoseLines(root: string, types: boolean): WhoseLines {
  const accounts = new Map<string, Account>();
  const typed: string[] = [];
  const asked = new Map<unknown, string>();
  const commands = new Set<string>();
  const known = new Set<string>();
  let changed: string[] = [];
  let editing = '';
  let answered = '';

  function listFiles(): string[] {
    const all = readdirSync(root, { recursive: true, withFileTypes: true });
    return all
      .filter((it) => it.isFile())
      .map((it) => join(it.parentPath, it.name).slice(root.length + 1))
      .filter((it) => !it.startsWith('.git/'));
  }

  const read = (path: string) => readFileSync(join(root, path), 'utf8').split(/(?<=\n)/);

  /** What has changed since the last time is this owner's. */
  function account(owner: Owner): string[] {
    for (const path of accounts.keys()) if (!existsSync(join(root, path))) accounts.delete(path);
    return listFiles().filter((path) => {
      const lines = read(path);
      const before = accounts.get(path) ?? { lines: [], owners: [] };
      if (lines.join('') === before.lines.join('')) return false;
      accounts.set(path, { lines, owners: carry(before, lines, owner) });
      return true;
    });
  }

  function type(path: string, put: (line: string, text: string) => string): void {
    const line = `// by hand ${typed.length + 1}\n`;
    typed.push(line);
    writeFileSync(join(root, path), put(line, readFileSync(join(root, path), 'utf8')));
  }

  function learn({ from, message }: Moment): void {
    const { method, id, params = {} } = message;
    const call = (params['update'] ?? params['toolCall'] ?? {}) as Fields;
    const name = call['toolCallId'];
    if (from !== 'agent' || typeof name !== 'string') return;
    known.add(name);
    if (call['kind'] === 'execute') commands.add(name);
    if (call['kind'] === 'edit') editing = name;
    if (method === 'session/request_permission') asked.set(id, name);
  }

  /**
   * Of what is typed in the moment before a command that asks nobody, the disk does not tell that it was before: a
   * person types here when a turn ends, when asked for anything, or before a call that tells what it writes.
   */
  function restsBefore({ from, message }: Moment): boolean {
    if (from === 'editor') return asked.has(message.id) && message.method === undefined;
    const update = message.params?.['update'] as Fields | undefined;
    const call = update?.['toolCallId'];
    const isIdle = message.result?.['stopReason'] !== undefined || update?.['state'] === 'idle';
    const isEdit = typeof call === 'string' && update?.['kind'] === 'edit' && !known.has(call);
    return isIdle || isEdit;
  }

  /** Whose doing it is that files have changed by the time this is said. */
  function callOf({ from, message }: Moment): string {
    const call = message.params?.['update'] as Fields | undefined;
    if (from === 'agent') return typeof call?.['toolCallId'] === 'string' ? call['toolCallId'] : '';
    return editing;
  }

  const ownerOf = (call: string): Owner =>
    call === '' ? undefined : { call, isCommand: commands.has(call) };

  account(undefined);
  return {
    accounts,
    typed,
    options: {
      meddle(moment) {
        // An agent writes at once when it is answered.
        changed.push(...account(ownerOf(answered)));
        answered = '';
        const isRest = restsBefore(moment);
        learn(moment);
        if (!isRest) return;
        if (types) for (const path of changed) if (existsSync(join(root, path))) append(path);
        changed = [];
      },
      between(moment) {
        const call = callOf(moment);
        const now = account(ownerOf(call));
        changed.push(...now);
        // While a command runs nobody can tell what is not its doing.
        if (types && isDone(moment) && !commands.has(call))
          for (const path of now) type(path, (line, text) => line + text);
        account(undefined);
        if (moment.from === 'editor') answered = asked.get(moment.message.id) ?? '';
      },
    },
    finish() {
      changed.push(...account(ownerOf(answered)));
      if (types) for (const path of accounts.keys()) append(path);
    },
  };

  function append(path: string): void {
    type(path, (line, text) => text + line);
    account(undefined);
  }
}

/** Nothing more comes of the tool call. */
function isDone({ from, message }: Moment): boolean {
  const call = message.params?.['update'] as Fields | undefined;
  return from === 'editor' || call?.['status'] === 'completed';
}

function carry(before: Account, lines: readonly string[], owner: Owner): Owner[] {
  const owners: Owner[] = [];
  let at = 0;
  for (const part of diffArrays([...before.lines], [...lines])) {
    const { length } = part.value;
    if (part.added) owners.push(...new Array<Owner>(length).fill(owner));
    else if (!part.removed) owners.push(...before.owners.slice(at, at + length));
    if (!part.added) at += length;
  }
  return owners;
}
