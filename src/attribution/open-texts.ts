/** The texts of versions as the fold needs them: cut into lines once, and not even read where a claim tells them. */
import { cutAlike } from './cut-alike.ts';
import {
  type ByteHands,
  type Draft,
  type FollowedText,
  openDraft,
  type Told,
} from './open-draft.ts';
import { cutLines, isText, lineLimit, normalizeText, type Text } from './text-lines.ts';

export type VersionText = Text & {
  /** As it was stored, one character a byte. */
  readonly raw: string;
  readonly chars: number;
  readonly isLinewise: boolean;
};

export type Texts = {
  /** Undefined when it is gone. */
  read(oid: string, hints?: TextHints): Promise<VersionText | undefined>;
  /** What the version `from` became by just this claim; undefined where that is not proven. */
  follow(from: string, claim: Told, to: string): VersionText | undefined;
};

export type TextHints = {
  /** It is probably much like this one. */
  readonly alike?: VersionText | undefined;
  /** It may be this text: what has the version's name is the version. */
  readonly guess?: (() => string | undefined) | undefined;
};

export type TextSources = {
  /** One character a byte; undefined when it is gone. */
  read(oid: string): Promise<string | undefined>;
  /** The blob id of a text. */
  name(raw: string): string;
  readonly bytes: ByteHands;
};

/** Of so many files the bytes of the last version: who edits several goes back and forth. */
const keptDrafts = 6;
/** Of the last versions that were read: those that come next are made from them. */
const keptChars = 4 << 20;

export function openTexts({ read, name, bytes }: TextSources): Texts {
  // The one that was asked last comes first.
  const drafts = Array.from({ length: keptDrafts }, () => openDraft(bytes));
  const kept = new Map<string, VersionText>();
  let chars = 0;

  function keep(oid: string, made: VersionText): VersionText {
    kept.delete(oid);
    kept.set(oid, made);
    chars += made.chars;
    for (const [oldest, its] of kept) {
      if (chars <= keptChars || oldest === oid) break;
      kept.delete(oldest);
      chars -= its.chars;
    }
    return made;
  }

  function find(oid: string): VersionText | undefined {
    const found = kept.get(oid);
    if (found === undefined) return undefined;
    chars -= found.chars;
    return keep(oid, found);
  }

  /** That of the version, else the one that was not asked for the longest time. */
  function takeDraft(oid: string): Draft {
    const found = drafts.findIndex((it) => it.holds(oid));
    const [draft] = drafts.splice(found, 1) as [Draft];
    drafts.unshift(draft);
    return draft;
  }

  return {
    async read(oid, { alike, guess } = {}) {
      const known = find(oid);
      if (known !== undefined) return known;
      const guessed = guess?.();
      const isRight = guessed !== undefined && name(guessed) === oid;
      const raw = isRight ? guessed : await read(oid);
      return raw === undefined ? undefined : keep(oid, readVersion(raw, alike));
    },
    follow(from, claim, to) {
      const text = find(from);
      if (text?.isLinewise !== true || kept.has(to)) return undefined;
      const found = takeDraft(from).follow({ oid: from, text }, claim, to);
      return found && found.lines.length <= lineLimit ? keep(to, joinLater(found)) : undefined;
    },
  };
}

/** Mostly nobody asks for the text as a whole. */
function joinLater({ lines, chars, endsInBreak }: FollowedText): VersionText {
  let made: string | undefined;
  const join = () => {
    made ??= lines.join('\n') + (endsInBreak ? '\n' : '');
    return made;
  };
  return {
    lines,
    chars,
    isLinewise: true,
    get text() {
      return join();
    },
    get raw() {
      return join();
    },
  };
}

function readVersion(raw: string, alike: VersionText | undefined): VersionText {
  const text = normalizeText(raw);
  const chars = raw.length;
  if (!isText(raw)) return { raw, text, chars, lines: [], isLinewise: false };
  const lines = alike?.isLinewise === true ? cutAlike(alike, text) : cutLines(text);
  return { raw, text, chars, lines, isLinewise: lines.length <= lineLimit };
}
