/** The note that git-ai left at a commit, if it did: a claim of somebody else's, for lines that nobody else tells of. */
import { type AiNote, readAiNote } from '../attribution/read-ai-note.ts';
import type { Git } from './open-git.ts';

const ref = 'refs/notes/ai';

export type FoundNote = {
  readonly note: AiNote | undefined;
  /** What is wrong with it, for people. */
  readonly notes: readonly string[];
};

export function readNote(git: Git, commit: string): FoundNote {
  const text = findNote(git, commit);
  if (text === undefined) return { note: undefined, notes: [] };
  const note = readAiNote(Buffer.from(text, 'latin1').toString('utf8'));
  const why = `the git-ai note of ${commit.slice(0, 12)} cannot be read, and is passed over`;
  return { note, notes: note === undefined ? [why] : [] };
}

/** Where there are many notes, their names are cut into folders. */
function findNote(git: Git, commit: string): string | undefined {
  const at = git.find(ref);
  if (at === undefined) return undefined;
  const names = [0, 1, 2].map((depth) => {
    const folders = Array.from({ length: depth }, (_, it) => commit.slice(it * 2, it * 2 + 2));
    return [...folders, commit.slice(depth * 2)].join('/');
  });
  for (const name of names) {
    const oid = git.version(at, name)?.oid;
    if (oid !== undefined) return git.text(oid);
  }
  return undefined;
}
