/** Tells of files that somebody writes, by watching the folders they are in: a hint, and never more than that. */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export type SaveWatch = {
  /** From now on, for as long as there are not too many folders. */
  add(file: string): void;
  close(): void;
};

export type SavePorts = {
  /** Written, made, renamed or gone, and quiet since. */
  saved(files: readonly string[]): void;
  /** Nothing more can be watched. */
  refused(error: Error): void;
};

type Folder = { readonly watcher: FSWatcher; readonly names: Set<string> };

const folderLimit = 128;
const nameLimit = 1_000;
/** An editor writes a file in several goes. */
const settleMs = 40;
/** But not for ever. */
const delaysLimit = 5;

export function openSaveWatch(ports: SavePorts): SaveWatch {
  /** The one that was asked about longest ago first. */
  const folders = new Map<string, Folder>();
  let written = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let delays = 0;
  let isOff = false;

  function tell(): void {
    const files = [...written];
    written = new Set();
    timer = undefined;
    delays = 0;
    ports.saved(files);
  }

  function hear(file: string): void {
    written.add(file);
    if (timer !== undefined && delaysLimit <= delays) return;
    delays += 1;
    clearTimeout(timer);
    timer = setTimeout(tell, settleMs);
    timer.unref();
  }

  function openFolder(path: string): Folder | undefined {
    const names = new Set<string>();
    try {
      const watcher = watch(path, { persistent: false }, (_, name) => {
        if (name !== null && names.has(name)) hear(join(path, name));
      });
      watcher.on('error', () => drop(path));
      return { watcher, names };
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === '') throw error;
      // Of a folder that is not there, or is closed to us, there is nothing to tell.
      if (!passing.has(code)) refuse(error as Error);
      return undefined;
    }
  }

  function refuse(error: Error): void {
    isOff = true;
    ports.refused(error);
  }

  function drop(path: string): void {
    folders.get(path)?.watcher.close();
    folders.delete(path);
  }

  return {
    add(file) {
      const path = dirname(file);
      const known = folders.get(path);
      const folder = known ?? (isOff ? undefined : openFolder(path));
      if (folder === undefined) return;
      folders.delete(path);
      folders.set(path, folder);
      if (folder.names.size < nameLimit) folder.names.add(basename(file));
      const [oldest] = folders.keys();
      if (folders.size > folderLimit && oldest !== undefined) drop(oldest);
    },
    close() {
      clearTimeout(timer);
      for (const path of [...folders.keys()]) drop(path);
    },
  };
}

const passing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);
