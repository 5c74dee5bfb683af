/** The short layers of one workspace as they lie on the disk: found by session, listed, written. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ShortLayer } from '../contract/types.gen.ts';
import { nameShort } from '../layers/begin-short.ts';
import { readHead, type ShortHead } from '../layers/read-head.ts';
import { readShort } from '../layers/read-short.ts';
import { spellLayer } from '../layers/spell-layer.ts';
import { clearDrafts, listLayers, readHeadOf, writeLayer } from './layer-files.ts';
import { openPrivateFolder } from './private-folder.ts';
import { readIfThere } from './whole-file.ts';

export type KeptShort = { readonly file: string; readonly layer: ShortLayer };
export type KeptHead = ShortHead & { readonly file: string };

export type LayerShelf = {
  readonly folder: string;
  /** Newest first. */
  heads(): KeptHead[];
  find(session: string): KeptShort | undefined;
  read(file: string): ShortLayer | undefined;
  /** Under the name it has, or a new one; answers which. */
  write(layer: ShortLayer, file?: string): Promise<string>;
};

/** `layers` in the state folder of a workspace; made when something is written. */
export function openLayerShelf(layers: string, now: () => number): LayerShelf {
  const folder = join(layers, 'sessions');
  let isMade = false;

  function make(): void {
    if (isMade) return;
    openPrivateFolder(layers);
    openPrivateFolder(folder);
    clearDrafts(folder, now());
    isMade = true;
  }

  function heads(): KeptHead[] {
    return listLayers(folder).flatMap((file) => {
      const head = readHead(readHeadOf(join(folder, file)) ?? '');
      return head === undefined ? [] : [{ ...head, file }];
    });
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
    find(session) {
      const file = heads().find((it) => it.session === session)?.file;
      const layer = file === undefined ? undefined : read(file);
      return file === undefined || layer === undefined ? undefined : { file, layer };
    },
    async write(layer, file) {
      make();
      const name = file ?? chooseName(layer);
      await writeLayer(join(folder, name), spellLayer(layer));
      return name;
    },
  };
}
