/** The layers of a sidecar: finds the files, the place and the names that they are made of. */
import type { Note } from '../journal/entry.ts';
import { type LayerShelf, openLayerShelf } from '../store/open-layer-shelf.ts';
import { openStateHome, openWorkspaceFolder } from '../store/state-folder.ts';
import { nameClaimedPath } from '../trace/claimed-path.ts';
import { type Layers, openLayers } from './open-layers.ts';
import { readPlace } from './read-place.ts';

export type OwnLayersOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): number;
  write(note: Note): void;
  say(text: string): void;
};

export function openOwnLayers({ env, now, write, say }: OwnLayersOptions): Layers {
  const shelves = new Map<string, LayerShelf>();

  function shelfOf(root: string): LayerShelf {
    const known = shelves.get(root);
    if (known !== undefined) return known;
    const { layers } = openWorkspaceFolder({ home: openStateHome(env), workspace: root });
    const shelf = openLayerShelf(layers, now);
    shelves.set(root, shelf);
    return shelf;
  }

  return openLayers({
    shelfOf,
    placeOf: readPlace,
    nameOf: (root, path) => nameClaimedPath(path, { workspace: root }),
    write,
    say,
  });
}
