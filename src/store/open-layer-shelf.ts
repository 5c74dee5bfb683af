/** The short layers of one workspace as they lie on the disk: found by session, listed, written. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ShortLayer } from '../contract/types.gen.ts';
import { nameShort } from '../layers/begin-short.ts';
import { orderKeys } from '../layers/order-keys.ts';
import { readHead, type ShortHead } from '../layers/read-head.ts';
import { readShort } from '../layers/read-short.ts';
import { spellLayer } from '../layers/spell-layer.ts';
import { openSessionsCopy } from './find-copy-folder.ts';
import { clearDrafts, listLayers, readHeadOf, writeLayer } from './layer-files.ts';
import { openPrivateFolder } from './private-folder.ts';
import { readIfThere } from './whole-file.ts';

export type KeptShort = { readonly file: string; readonly layer: ShortLayer };
export type KeptHead = ShortHead & { readonly file: string };

export type LayerShelf = {
  readonly folder: string;
  /** Newest first; only that many of the newest files are looked at, if told. */
  heads(limit?: number): KeptHead[];
  /** The one that it goes on in, unless it was forked and one that it left under that branch is meant. */
  find(session: string, branch?: string): KeptShort | undefined;
  read(file: string): ShortLayer | undefined;
  /** Under the name it has, or a new one; answers which. */
  write(layer: ShortLayer, file?: string): Promise<string>;
};

export type ShelfPlace = {
  /** Of the workspace. */
  readonly root: string;
  /** In its state folder; made when something is written. */
  readonly layers: string;
};

export function openLayerShelf({ root, layers }: ShelfPlace, now: () => number): LayerShelf {
  const folder = join(layers, 'sessions');
  let isMade = false;

  function make(): void {
    if (isMade) return;
    openPrivateFolder(layers);
    openPrivateFolder(folder);
    clearDrafts(folder, now());
    isMade = true;
  }

  function headIn(file: string): KeptHead | undefined {
    const head = readHead(readHeadOf(join(folder, file)) ?? '');
    return head === undefined ? undefined : { ...head, file };
  }

  function heads(limit?: number): KeptHead[] {
    return listLayers(folder)
      .slice(0, limit)
      .flatMap((file) => headIn(file) ?? []);
  }

  /** Newest first, so what a session goes on in stands before what it left. */
  function findFile(session: string, branch: string | undefined): string | undefined {
    let newest: string | undefined;
    for (const file of listLayers(folder)) {
      const head = headIn(file);
      if (head?.session !== session) continue;
      if (branch === undefined || head.branch === branch) return file;
      newest ??= file;
    }
    return newest;
  }

  function read(file: string): ShortLayer | undefined {
    const text = readIfThere(join(folder, file))?.toString('utf8');
    const found = text === undefined ? undefined : readShort(text);
    return found?.kind === 'layer' ? found.layer : undefined;
  }

  function chooseName(layer: ShortLayer): string {
    const taken = new Set(readdirSync(folder));
    for (let attempt = 0; ; attempt += 1) {
      const name = nameShort(layer, attempt);
      if (!taken.has(name)) return name;
    }
  }

  return {
    folder,
    heads,
    read,
    find(session, branch) {
      const file = findFile(session, branch);
      const layer = file === undefined ? undefined : read(file);
      return file === undefined || layer === undefined ? undefined : { file, layer };
    },
    async write(layer, file) {
      make();
      const name = file ?? chooseName(layer);
      const text = spellLayer(orderKeys(layer));
      await writeLayer(join(folder, name), text);
      const copies = openSessionsCopy(root);
      if (copies !== undefined) await writeLayer(join(copies, name), text, 0o666);
      return name;
    },
  };
}
