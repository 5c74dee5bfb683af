/** Which files a session has read or edited in its turn, and what each was when it did. */
import type { Event } from '../contract/types.gen.ts';
import type { KnownFile, SessionGround } from './ground.ts';

export type TouchedPorts = {
  /** A path of the workspace; undefined for one outside of it, or for the workspace itself. */
  inside(path: string): string | undefined;
  /** What is there now. */
  blobOf(path: string): string | null | undefined;
};

export type TouchedFiles = {
  read(event: Event): void;
  /** What was known before and what came since, the newest last; then nothing is touched any more. */
  take(before: SessionGround['files']): SessionGround['files'];
};

type Touched = { known: KnownFile['known']; blob: string | null | undefined };

const fileLimit = 2_000;

export function openTouchedFiles({ inside, blobOf }: TouchedPorts): TouchedFiles {
  const files = new Map<string, Touched>();
  /** Named by steps that have not ended. */
  const open = new Map<string, Set<string>>();

  function touch(
    name: string,
    known: KnownFile['known'],
    blob?: string | null,
  ): string | undefined {
    const path = inside(name);
    if (path === undefined || path === '') return undefined;
    const isEdited = known === 'edited' || files.get(path)?.known === 'edited';
    files.delete(path);
    if (files.size < fileLimit) files.set(path, { known: isEdited ? 'edited' : 'read', blob });
    return path;
  }

  function claim({ step, claims }: Event & { type: 'files-claimed' }): void {
    const paths = open.get(step) ?? new Set<string>();
    open.set(step, paths);
    for (const { path, oldPath, operation } of claims) {
      const known = operation === 'read' ? 'read' : 'edited';
      const touched = [path, oldPath].map((it) => (it === undefined ? it : touch(it, known)));
      for (const it of touched) if (it !== undefined) paths.add(it);
    }
  }

  /** What it named is as it left it. */
  function settle(paths: Iterable<string>): void {
    for (const path of paths) {
      const it = files.get(path);
      if (it !== undefined) it.blob = blobOf(path);
    }
  }

  return {
    read(event) {
      if (event.type === 'file-read' && event.problem === undefined)
        touch(event.path, 'read', event.blob ?? blobOf(inside(event.path) ?? ''));
      else if (event.type === 'file-written' && event.problem === undefined)
        touch(event.path, 'edited', event.blob);
      else if (event.type === 'files-claimed') claim(event);
      else if (event.type === 'step-ended') {
        settle(open.get(event.step) ?? []);
        open.delete(event.step);
      }
    },
    take(before) {
      for (const paths of open.values()) settle(paths);
      open.clear();
      const all = new Map<string, KnownFile>(before);
      for (const [path, { known, blob }] of files) {
        const isEdited = known === 'edited' || all.get(path)?.known === 'edited';
        all.delete(path);
        // What cannot be read cannot be compared either.
        if (blob !== undefined) all.set(path, { known: isEdited ? 'edited' : 'read', blob });
      }
      files.clear();
      return [...all].slice(-fileLimit);
    },
  };
}
