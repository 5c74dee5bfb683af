/** A recorder with its guard, without processes: lines are said to it, and gates answer as they would. */
import { createHash } from 'node:crypto';
import { openConversation } from '../../src/acp/conversation.ts';
import { rawValueAt } from '../../src/acp/raw-value.ts';
import type { Event } from '../../src/contract/types.gen.ts';
import type { StalePolicy } from '../../src/guard/stale-policies.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openKeeping } from '../../src/recorder/keeping.ts';
import { openGuard } from '../../src/recorder/open-guard.ts';
import { openKeepers } from '../../src/recorder/open-keepers.ts';
import { openTracking } from '../../src/recorder/open-tracking.ts';
import { openRecentTexts } from '../../src/recorder/recent-texts.ts';
import type { Calls } from '../../src/shadow/calls.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import type { GateVerdict } from '../../src/wire/notes.ts';

export type Side = 'editor' | 'agent';

export type GatedTalk = {
  /** Says a line; what a gate made of it, if it met one. */
  say(from: Side, line: string): Promise<GateVerdict | undefined>;
  /** What clew itself said to a side. */
  readonly said: readonly { readonly to: Side; readonly line: string }[];
  readonly events: readonly Event[];
  readonly keeper: Calls;
  /** Fulfilled when what was read is looked at: between two lines of a real conversation there is time for it. */
  rest(): Promise<void>;
  /** Fulfilled when everything that was said is looked at. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

const gates: Readonly<Record<string, string>> = {
  'session/prompt': 'prompt',
  'fs/write_text_file': 'write',
  'session/request_permission': 'permission',
};

const hashOf = (name: string, ...parts: (string | Buffer)[]) => {
  const hash = createHash(name);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

export function openGatedTalk(
  root: string,
  home: string,
  policy: StalePolicy,
  now = Date.now,
): GatedTalk {
  const notes: Note[] = [];
  const said: { to: Side; line: string }[] = [];
  const texts = openRecentTexts();
  const awaited = new Set<string>();
  const questions = new Set<string>();
  const failed = (doing: string, error: unknown) => {
    throw new Error(`${doing}: ${String(error)}`);
  };
  const conversation = openConversation({
    mint: () => mintUlid(Date.now()),
    blobOf: (text) => texts.keep(hashOf('sha1', `blob ${Buffer.byteLength(text)}\0`, text), text),
    sha256: (text) => hashOf('sha256', text),
    sizeOf: (text) => Buffer.byteLength(text),
  });
  const mono = () => performance.now();
  const clock = { now: Date.now, mono, heard: mono };
  const say = (text: string) => failed('said', text);
  const keepers = openKeepers({
    env: { CLEW_HOME: home, HOME: '/nonexistent' },
    copiesBase: false,
    guardsAny: true,
    write,
    say,
  });
  const keeping = openKeeping({
    rootOf: () => root,
    // However busy the machine is, a look comes to its end.
    keeperOf: (of) => ({
      ...keepers.of(of),
      take: ({ withinMs: _, ...order }) => keepers.of(of).take(order),
    }),
    mint: () => ({ id: mintUlid(Date.now()), at: Date.now() }),
    textOf: texts.find,
    clock,
    retention: { rest: () => undefined, wake: () => undefined },
    write(note) {
      write(note);
      guard.watch(note);
    },
    say,
  });
  const tracking = openTracking({
    rootOf: () => root,
    stateOf: () => undefined,
    pid: 1,
    textOf: texts.find,
    now,
    write,
    say,
  });
  const guard = openGuard({
    policy,
    keeping,
    rootOf: () => root,
    seenOf: tracking.seen.of,
    settleSeen: tracking.settle,
    keeperOf: keepers.of,
    textOf: texts.find,
    nameBlob: (bytes) => hashOf('sha1', `blob ${bytes.length}\0`, bytes),
    mint: () => mintUlid(Date.now()),
    now,
    redact: (text) => text,
    write,
    inject: (to, line) => void said.push({ to, line }),
    hear,
    hearInstead(line) {
      conversation.forget('agent', line);
      hear('agent', line);
    },
    expect: conversation.expect,
    complain: failed,
  });
  const pass: GateVerdict = { kind: 'pass' };
  const judges: Readonly<Record<string, (line: string) => Promise<GateVerdict>>> = {
    async prompt() {
      await keeping.beforePrompt();
      return pass;
    },
    write: guard.judgeWrite,
    async permission(line) {
      await keeping.beforePermission();
      return guard.judgePermission(line);
    },
    answer: guard.judgeAnswer,
    question: guard.settle,
  };

  function write(note: Note): void {
    notes.push(note);
  }

  function hear(from: Side, text: string): void {
    for (const note of conversation.read({ from, text, bytes: text.length, mono: 0 })) {
      write(note);
      guard.watch(note);
      keeping.watch(note);
      tracking.watch(note);
    }
  }

  function judgeOf(from: Side, line: string): string | undefined {
    const message = JSON.parse(line) as { id?: unknown; method?: string };
    const id = rawValueAt(line, ['id']) ?? '';
    if (message.method !== undefined)
      return message.id === undefined ? undefined : gates[message.method];
    if (from === 'editor' && questions.delete(id)) return 'question';
    return from === 'editor' && awaited.delete(id) ? 'answer' : undefined;
  }

  return {
    said,
    get events() {
      return notes.map(({ event }) => event);
    },
    get keeper() {
      return keepers.of(root);
    },
    async say(from, line) {
      const judge = judgeOf(from, line);
      hear(from, line);
      const verdict = judge === undefined ? undefined : await judges[judge]?.(line);
      if (verdict?.kind === 'pass' && verdict.awaits !== undefined) awaited.add(verdict.awaits);
      if (verdict?.kind === 'ask') questions.add(JSON.stringify(verdict.id));
      if (verdict?.kind === 'answer')
        hear(from === 'agent' ? 'editor' : 'agent', Buffer.from(verdict.line).toString('utf8'));
      return verdict;
    },
    async rest() {
      await tracking.settle();
      await keeping.settled();
      // One look may have waited for another one.
      await new Promise(setImmediate);
      await keeping.settled();
    },
    async settle() {
      await tracking.settle();
      // Checkpoints are taken one after the other: behind a look stands all that was ordered before it.
      const id = mintUlid(Date.now());
      await keepers.of(root).take({ id, at: Date.now(), marks: { reason: 'look' } });
      await new Promise(setImmediate);
      await guard.close();
    },
    async close() {
      await keeping.close();
      await guard.close();
      await tracking.close();
      await keepers.close();
    },
  };
}
