/** What a disk still has when the power fails: only what was synced, or all names but only synced bytes. */
import type * as Fs from 'node:fs';
import { openCalmDisk } from './faulty-fs.ts';

/** Bytes and names as they were last synced; each by the file's number, which is held so that no other gets it. */
type Kept =
  | { readonly kind: 'folder'; readonly names: ReadonlyMap<string, string> }
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string };

export type PowerMeter = {
  /** To be called after each call; answers whether what is durable may have changed. */
  note(name: string, given: readonly unknown[]): boolean;
  /** Writes what is left into a new folder. `isStrict`: names too only where their folder was synced. */
  writeRest(target: string, isStrict: boolean): void;
  close(): void;
};

/** Everything below `root` counts as durable now. */
export function openPowerMeter(root: string): PowerMeter {
  const fs: typeof Fs = openCalmDisk();
  const kept = new Map<string, Kept>();
  const held: number[] = [];
  const known = new Set<string>();
  /** With the rights that they were made with, or had when they were synced. */
  const folders = new Map<string, number>();

  function keyOf(path: string): string {
    const { dev, ino } = fs.lstatSync(path, { bigint: true });
    return `${dev} ${ino}`;
  }

  /** An open file keeps its number, also when it has no name any more. */
  function hold(path: string, key: string): void {
    if (known.has(key) || fs.lstatSync(path).isSymbolicLink()) return;
    known.add(key);
    const stat = fs.lstatSync(path);
    if (stat.isDirectory()) folders.set(key, stat.mode);
    held.push(fs.openSync(path, 'r'));
  }

  function keepOne(path: string): string {
    const key = keyOf(path);
    hold(path, key);
    const stat = fs.lstatSync(path);
    if (stat.isSymbolicLink()) kept.set(key, { kind: 'link', target: fs.readlinkSync(path) });
    else if (stat.isFile())
      kept.set(key, { kind: 'file', bytes: fs.readFileSync(path), mode: stat.mode });
    else {
      folders.set(key, stat.mode);
      kept.set(key, { kind: 'folder', names: readNames(path) });
    }
    return key;
  }

  function readNames(folder: string): Map<string, string> {
    return new Map(
      fs.readdirSync(folder).map((name) => {
        const path = `${folder}/${name}`;
        const key = keyOf(path);
        hold(path, key);
        // A link's target is a part of its name: there is nothing to sync but the folder.
        if (fs.lstatSync(path).isSymbolicLink()) keepOne(path);
        return [name, key];
      }),
    );
  }

  function keepAll(folder: string): void {
    keepOne(folder);
    for (const name of fs.readdirSync(folder)) {
      const path = `${folder}/${name}`;
      if (fs.lstatSync(path).isDirectory()) keepAll(path);
      else keepOne(path);
    }
  }

  function writeKept(key: string, target: string): void {
    const one = kept.get(key);
    const mode = folders.get(key);
    if (mode !== undefined) {
      fs.mkdirSync(target, { mode });
      const names = one?.kind === 'folder' ? one.names : [];
      for (const [name, inside] of names) writeKept(inside, `${target}/${name}`);
    } else if (one?.kind === 'link') fs.symlinkSync(one.target, target);
    else {
      const file = one?.kind === 'file' ? one : { bytes: '', mode: 0o600 };
      fs.writeFileSync(target, file.bytes, { mode: file.mode });
    }
  }

  /** As file systems do that order their names and not their bytes. */
  function writeNames(path: string, target: string): void {
    const stat = fs.lstatSync(path);
    if (!stat.isDirectory()) {
      if (stat.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(path), target);
      else writeKept(keyOf(path), target);
      return;
    }
    fs.mkdirSync(target, { mode: stat.mode });
    for (const name of fs.readdirSync(path)) writeNames(`${path}/${name}`, `${target}/${name}`);
  }

  keepAll(root);
  const top = keyOf(root);
  return {
    note(name, [fd]) {
      if (name !== 'fsyncSync') return !/^(?:open|read|l?stat|fstat|access)/.test(name);
      keepOne(fs.readlinkSync(`/proc/self/fd/${fd}`));
      return true;
    },
    writeRest(target, isStrict) {
      if (isStrict) writeKept(top, target);
      else writeNames(root, target);
    },
    close: () => {
      for (const fd of held) fs.closeSync(fd);
    },
  };
}
