/** Stands at the gates: stops an edit that is proven stale, asks about it, or only says so. */
import { type EditAsked, readChosen, readEditAsked, readRunAsked } from '../acp/edit-asked.ts';
import { refusalOf, rejectionOf } from '../acp/own-lines.ts';
import { rawValueAt } from '../acp/raw-value.ts';
import { readWriteAsked } from '../acp/write-asked.ts';
import type { StaleEditFound } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Version } from '../guard/judge-write.ts';
import type { Sighting } from '../guard/sighting.ts';
import type { StalePolicy } from '../guard/stale-policies.ts';
import { tellRefusal } from '../guard/tell-stale.ts';
import { writesShown } from '../guard/writes-shown.ts';
import type { Note } from '../journal/entry.ts';
import type { GateVerdict } from '../wire/notes.ts';
import { findTarget } from '../workspace/find-inside.ts';
import { openEditPlaces } from './edit-places.ts';
import { type CasePorts, judgeWish } from './gather-case.ts';
import type { Keeping } from './keeping.ts';
import { noteStaleEdit } from './note-stale-edit.ts';
import { openToldVersions } from './open-told-versions.ts';
import { openStaleQuestions } from './stale-questions.ts';

export type GuardPorts = CasePorts & {
  readonly policy: StalePolicy;
  readonly keeping: Pick<Keeping, 'beforeWrite' | 'beforeAnswer'>;
  /** The workspace of a session; undefined where it has no checkpoints. */
  rootOf(session: string): string | undefined;
  mint(): string;
  now(): number;
  redact(text: string): string;
  write(note: Note): void;
  /** A stale edit was met: for whoever shows such things. */
  tell(session: string, event: StaleEditFound): void;
  inject(to: 'editor' | 'agent', line: string, settles?: string): void;
  hear(from: 'editor' | 'agent', line: string): void;
  hearInstead(line: string): void;
  /** The answer to this id of ours is not the agent's. */
  expect(id: string): void;
  /** The person wants that version gone. */
  allowLoss(session: string, path: string, found: string | null): void;
};

export type StaleGuard = {
  watch(note: Note): void;
  judgeWrite(line: string): Promise<GateVerdict>;
  judgePermission(line: string): Promise<GateVerdict>;
  /** The editor's answer to a question for permission that went through here. */
  judgeAnswer(line: string): Promise<GateVerdict>;
  /** The editor's answer to a question of our own. */
  settle(line: string): Promise<GateVerdict>;
};

/** One edit at a gate. */
export type GatedEdit = {
  readonly gate: StaleEditFound['gate'];
  readonly session: string;
  readonly agentSession: string;
  readonly root: string;
  /** As the agent names it, and relative to the workspace. */
  readonly named: string;
  readonly path: string;
  readonly wanted: Version & { readonly blob: string };
  readonly seen?: Sighting | undefined;
};

type Permission = {
  readonly line: string;
  readonly agentSession: string;
  /** Undefined of a command, which may do anything. */
  readonly paths: readonly string[] | undefined;
  readonly allows: readonly string[];
  readonly reject: string | undefined;
  /** Edits that will be written as they were shown. */
  readonly edits: readonly GatedEdit[];
};

type WholeEdit = {
  readonly edit: GatedEdit;
  /** It is based on what is there now. */
  readonly isNow: boolean;
};

type How = {
  /** The line that is stopped. */
  readonly line: string;
  /** What its sender gets instead, if it is stopped; undefined where it cannot be. */
  refuse(reason: ReturnType<typeof tellRefusal>): GateVerdict | undefined;
  readonly pass: GateVerdict;
};

const pass: GateVerdict = { kind: 'pass' };
const permissionLimit = 200;
const encoder = new TextEncoder();

export function openStaleGuard(ports: GuardPorts): StaleGuard {
  const places = openEditPlaces();
  const permissions = new Map<string, Permission>();
  const questions = openStaleQuestions(ports, places);
  const told = openToldVersions();
  let agentName: string | undefined;

  function editOf(
    gate: GatedEdit['gate'],
    asked: { readonly agentSession: string; readonly path: string },
    text: string,
  ): GatedEdit | undefined {
    const session = places.find(asked.agentSession);
    const root = session === undefined ? undefined : ports.rootOf(session);
    const path = root === undefined ? undefined : findTarget(root, asked.path);
    if (session === undefined || root === undefined || path === undefined) return undefined;
    const { agentSession, path: named } = asked;
    return { gate, session, agentSession, root, named, path, wanted: versionOf(ports, text) };
  }

  /** Undefined when there is nothing to say against it. */
  async function meet(edit: GatedEdit, how: How): Promise<GateVerdict | undefined> {
    const { verdict, seenText } = await judgeWish(ports, { ...edit, policy: ports.policy });
    if (verdict.kind === 'pass') return undefined;
    const { session, path } = edit;
    // Refused for this very version, it may have looked by a way of its own: a second refusal would be for nothing.
    if (told.hasLooked(session, path, verdict.found.blob)) return undefined;
    const refusal = tellRefusal(edit.named, verdict, seenText);
    const stopped = verdict.kind === 'warn' ? undefined : how.refuse(redactDiff(ports, refusal));
    if (stopped !== undefined && verdict.kind === 'refuse')
      told.tell(session, path, verdict.found.blob);
    if (stopped === undefined || verdict.kind !== 'ask') {
      noteStaleEdit(ports, places, {
        edit,
        verdict,
        is: stopped === undefined ? 'warned' : 'refused',
      });
      return stopped ?? how.pass;
    }
    const question = questions.open({ edit, verdict, seenText, line: how.line, refused: stopped });
    noteStaleEdit(ports, places, { edit, verdict, is: 'asked', question: question.id });
    return question;
  }

  /** Edits that show the whole file: only of these it is known what will be there. */
  function listWhole({ agentSession, edits }: EditAsked): WholeEdit[] {
    return edits.flatMap(({ path, before, after }): WholeEdit[] => {
      const edit = editOf('permission', { agentSession, path }, after);
      if (edit === undefined) return [];
      if (before === undefined) return [{ edit, isNow: false }];
      const { blob } = versionOf(ports, before);
      if (blob !== ports.readNow(edit.root, edit.path)?.blob)
        return blob === ports.seenOf(edit.session, edit.path)?.blob ? [{ edit, isNow: false }] : [];
      // What it shows as there now is there: that is what it is based on.
      const seen: Sighting = { blob, at: ports.now(), how: 'disk' };
      return [{ edit: { ...edit, gate: 'answer', seen }, isNow: true }];
    });
  }

  function remember(awaits: string, permission: Permission): void {
    permissions.set(awaits, permission);
    for (const id of [...permissions.keys()].slice(0, -permissionLimit)) permissions.delete(id);
  }

  function awaitRun(line: string, awaits: string | undefined): GateVerdict {
    const asked = readRunAsked(line);
    if (asked === undefined || awaits === undefined) return pass;
    remember(awaits, { line, ...asked, paths: undefined, reject: undefined, edits: [] });
    return { kind: 'pass', awaits };
  }

  function isThere({ root, path, wanted }: GatedEdit): boolean {
    return ports.readNow(root, path)?.blob === wanted.blob;
  }

  return {
    watch(note) {
      places.watch(note);
      told.watch(note);
      if (note.event.type === 'agent-connected') agentName = note.event.agent?.name;
    },
    async judgeWrite(line) {
      const asked = readWriteAsked(line);
      if (asked === undefined) return pass;
      const edit = asked.content === undefined ? undefined : editOf('write', asked, asked.content);
      // It has written it itself already: its own doing, which the checkpoint after the step accounts for.
      if (edit !== undefined && isThere(edit)) return pass;
      await ports.keeping.beforeWrite(asked.agentSession, asked.path);
      if (edit === undefined) return pass;
      const refuse: How['refuse'] = ({ message, data, hint }) => {
        const { rpcCode } = new Failure('conflict', message);
        const refused = refusalOf(line, { code: rpcCode, message, data: { ...data, hint } });
        return { kind: 'answer', line: encoder.encode(refused) };
      };
      return (await meet(edit, { line, refuse, pass })) ?? pass;
    },
    async judgePermission(line) {
      const awaits = rawValueAt(line, ['id']);
      const asked = readEditAsked(line);
      if (asked === undefined) return awaitRun(line, awaits);
      const { agentSession, reject, paths, allows } = asked;
      const passing: GateVerdict = { kind: 'pass', awaits };
      const refuse: How['refuse'] = (reason) =>
        reject === undefined ? undefined : answerNo(line, reject, reason);
      const whole = listWhole(asked);
      for (const { edit, isNow } of whole) {
        const met = isNow ? undefined : await meet(edit, { line, refuse, pass: passing });
        if (met !== undefined && met.kind !== 'pass') return met;
      }
      if (awaits === undefined) return pass;
      const edits = whole.filter(({ isNow }) => isNow).map(({ edit }) => edit);
      remember(awaits, { line, agentSession, paths, allows, reject, edits });
      return passing;
    },
    async judgeAnswer(line) {
      const id = rawValueAt(line, ['id']) ?? '';
      const asked = permissions.get(id);
      permissions.delete(id);
      if (asked === undefined || !asked.allows.includes(readChosen(line) ?? '')) return pass;
      // What a person did while the question was open may have no other copy.
      await ports.keeping.beforeAnswer(asked.agentSession, asked.paths);
      const { reject } = asked;
      if (!writesShown(agentName)) return pass;
      const refuse: How['refuse'] = (reason) => {
        if (reject === undefined) return undefined;
        const refused = answerNo(asked.line, reject, reason);
        return { kind: 'replace', line: refused.line };
      };
      for (const edit of asked.edits) {
        const stopped = await meet(edit, { line, refuse, pass });
        if (stopped !== undefined && stopped.kind !== 'pass') return stopped;
      }
      return pass;
    },
    settle: (line) => questions.settle(line),
  };
}

function answerNo(
  request: string,
  reject: string,
  { message, data }: ReturnType<typeof tellRefusal>,
): GateVerdict & { kind: 'answer' } {
  return {
    kind: 'answer',
    line: encoder.encode(rejectionOf(request, reject, { message, ...data })),
  };
}

/** The diff is of a person's file. */
function redactDiff(
  { redact }: Pick<GuardPorts, 'redact'>,
  refusal: ReturnType<typeof tellRefusal>,
): ReturnType<typeof tellRefusal> {
  const { diff } = refusal.data as { diff?: string };
  if (diff === undefined) return refusal;
  const shown = redact(Buffer.from(diff, 'latin1').toString('utf8'));
  return { ...refusal, data: { ...refusal.data, diff: shown } };
}

function versionOf(
  { blobOf }: Pick<CasePorts, 'blobOf'>,
  text: string,
): Version & { readonly blob: string } {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes.includes('\0') ? { blob: blobOf(text) } : { blob: blobOf(text), text: bytes };
}
