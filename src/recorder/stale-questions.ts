/** Questions to a person about stale edits, through the editor's own prompt, and what becomes of each. */
import { ownIdPrefix, questionOf, readChosenId, withContent } from '../acp/own-lines.ts';
import type { StaleEditSettled } from '../contract/types.gen.ts';
import type { StaleEdit } from '../guard/judge-write.ts';
import { titleQuestion } from '../guard/tell-stale.ts';
import { mergeInverse } from '../undo/merge-lines.ts';
import type { GateVerdict } from '../wire/notes.ts';
import type { EditPlaces } from './edit-places.ts';
import type { GatedEdit, GuardPorts } from './stale-guard.ts';

export type Doubt = {
  readonly edit: GatedEdit;
  readonly verdict: StaleEdit;
  readonly seenText: string | undefined;
  /** The line that waits. */
  readonly line: string;
  /** What is said instead when the answer is no. */
  readonly refused: GateVerdict;
};

export type StaleQuestions = {
  open(doubt: Doubt): GateVerdict & { kind: 'ask' };
  /** Takes the editor's answer, which goes no further. */
  settle(line: string): Promise<GateVerdict>;
};

const absorb: GateVerdict = { kind: 'absorb' };
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const choices = {
  overwrite: { id: 'overwrite', name: 'Overwrite what was changed', kind: 'allow_once' },
  merge: { id: 'merge', name: 'Merge both', kind: 'allow_once' },
  refuse: { id: 'refuse', name: 'Refuse, the agent is to read it again', kind: 'reject_once' },
} as const;

export function openStaleQuestions(ports: GuardPorts, places: EditPlaces): StaleQuestions {
  const open = new Map<string, Doubt>();

  function say(
    question: string,
    { edit }: Doubt,
    about: Pick<StaleEditSettled, 'choice' | 'written'>,
  ) {
    const { session, named, path } = edit;
    const place = places.placeOf(session, named);
    ports.write({
      session,
      event: { type: 'stale-edit-settled', ...place, question, path, ...about },
    });
  }

  function refuse(id: string, doubt: Doubt, choice: 'refuse' | 'none'): void {
    const { refused, edit } = doubt;
    if (!('line' in refused)) return;
    const line = decoder.decode(refused.line);
    say(id, doubt, { choice });
    // The editor's own answer was heard already, where it was one that is held back.
    if (edit.gate !== 'answer') ports.hear('editor', line);
    ports.inject('agent', line, id);
  }

  function letGo(id: string, doubt: Doubt): void {
    const { edit, line, verdict } = doubt;
    ports.allowLoss(edit.session, edit.path, verdict.found.blob);
    say(id, doubt, { choice: 'overwrite' });
    ports.inject(edit.gate === 'answer' ? 'agent' : 'editor', withEnd(line), id);
  }

  function merge(id: string, doubt: Doubt): void {
    const merged = mergeOf(doubt);
    if (merged === undefined) return refuse(id, doubt, 'refuse');
    const line = withContent(doubt.line, merged);
    say(id, doubt, { choice: 'merge', written: ports.blobOf(merged) });
    ports.hearInstead(line.trimEnd());
    ports.inject('editor', line, id);
  }

  return {
    open(doubt) {
      const { edit, verdict } = doubt;
      const id = `${ownIdPrefix}${ports.mint()}`;
      open.set(id, doubt);
      ports.expect(id);
      const { agentSession, named } = edit;
      const line = questionOf({
        id,
        agentSession,
        path: named,
        title: titleQuestion(edit.path, verdict),
        texts: textsOf(doubt),
        choices: [
          ...(mergeOf(doubt) === undefined ? [] : [choices.merge]),
          choices.overwrite,
          choices.refuse,
        ],
      });
      return { kind: 'ask', id, line: encoder.encode(line) };
    },
    async settle(line) {
      const { id, chosen } = readChosenId(line);
      const doubt = open.get(id);
      open.delete(id);
      if (doubt === undefined) return absorb;
      const { root, path } = doubt.edit;
      // What was consented to is the loss of that version and of no other.
      const isSame = ports.readNow(root, path)?.blob === doubt.verdict.found.blob;
      if (chosen === undefined) refuse(id, doubt, 'none');
      else if (chosen === choices.overwrite.id && isSame) letGo(id, doubt);
      else if (chosen === choices.merge.id && isSame) merge(id, doubt);
      else refuse(id, doubt, 'refuse');
      return absorb;
    },
  };
}

/** Both changes in one text, where they do not meet; only of a write, whose text passes through here. */
function mergeOf({ edit, verdict, seenText }: Doubt): string | undefined {
  const { found } = verdict;
  const { text } = edit.wanted;
  if (edit.gate !== 'write' || found.text === undefined || text === undefined) return undefined;
  if (seenText === undefined) return undefined;
  const merge = mergeInverse({ before: found.text, after: seenText, now: text });
  return merge.kind === 'merged' ? readBytes(merge.text) : undefined;
}

function textsOf({ edit, verdict }: Doubt): { before: string; after: string } | undefined {
  const [before, after] = [verdict.found.text, edit.wanted.text];
  if (before === undefined || after === undefined) return undefined;
  return { before: readBytes(before), after: readBytes(after) };
}

/** One character a byte, as text. */
function readBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function withEnd(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`;
}
