/** The layers of a sidecar: finds the files, the place and the names that they are made of. */
import type { Event, LayerOrigin, StateChanged } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import { chooseAfter } from '../layers/choose-after.ts';
import { makeDigest } from '../layers/make-digest.ts';
import { writeResume } from '../layers/write-resume.ts';
import { readHead } from '../repo/head.ts';
import { readAncestry } from '../repo/read-ancestry.ts';
import { type KeptHead, type LayerShelf, openLayerShelf } from '../store/open-layer-shelf.ts';
import { openProjectShelf } from '../store/open-project-shelf.ts';
import { readSetting } from '../store/settings.ts';
import { openProjectCache } from '../store/state/open-project-cache.ts';
import { openStateHome, openWorkspaceFolder } from '../store/state-folder.ts';
import { nameClaimedPath } from '../trace/claimed-path.ts';
import { findStale } from '../workspace/find-stale.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import { type Layers, openLayers } from './open-layers.ts';
import { openProjects } from './open-projects.ts';
import { readPlace } from './read-place.ts';

const resumeBytes = 4096;

export type OwnLayersOptions = {
  /** The agent is told, before its first prompt, where earlier sessions left the work. */
  readonly resumes: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): number;
  write(note: Note): void;
  /** Fulfilled when it is safe. */
  tell(root: string, event: Event): Promise<void>;
  say(text: string): void;
};

export function openOwnLayers(options: OwnLayersOptions): Layers {
  const { env, now, write, say } = options;
  const shelves = new Map<string, LayerShelf>();
  const folderOf = (root: string) =>
    openWorkspaceFolder({ home: openStateHome(env), workspace: root });

  function shelfOf(root: string): LayerShelf {
    const known = shelves.get(root) ?? openLayerShelf({ root, ...folderOf(root) }, now);
    shelves.set(root, known);
    return known;
  }

  async function openProject(root: string) {
    const { layers, journal, state } = folderOf(root);
    const { gitDir, gitCommonDir } = locateWorkspace(root);
    const isIn =
      gitDir === undefined || gitCommonDir === undefined ? undefined : { gitDir, gitCommonDir };
    return openProjectShelf(
      { root, layers, journal },
      {
        record: (event: StateChanged) => options.tell(root, event),
        now,
        head: () => isIn && readHead(isIn.gitDir, isIn.gitCommonDir).head,
        isAncestor: async (older, newer) =>
          isIn !== undefined &&
          readAncestry(isIn.gitDir, isIn.gitCommonDir).isAncestor(older, newer),
        cache: openProjectCache(state),
      },
    );
  }

  const projects = openProjects({ open: openProject, say });

  async function resumeOf(root: string, after: LayerOrigin): Promise<string | undefined> {
    const place = { home: openStateHome(env), folder: folderOf(root).path };
    if (!options.resumes && readSetting(place, 'resume').value !== true) return undefined;
    const layer = shelfOf(root).find(after.session, after.branch)?.layer;
    if (layer === undefined || layer.turns.length === 0) return undefined;
    const project = await projects.layerOf(root);
    const stale = findStale(root, layer);
    const { branch, head } = await readPlace(root);
    const about = { digest: makeDigest(layer), after, project, stale, here: { branch, head } };
    return writeResume(about, resumeBytes, (it) => Buffer.byteLength(it));
  }

  return openLayers({
    resumeOf,
    shelfOf,
    placeOf: readPlace,
    afterOf,
    projects,
    nameOf: (root, path) => nameClaimedPath(path, { workspace: root }),
    write,
    say,
  });
}

function afterOf(root: string, heads: readonly KeptHead[]): LayerOrigin | undefined {
  const { gitDir, gitCommonDir } = locateWorkspace(root);
  if (gitDir === undefined || gitCommonDir === undefined)
    return chooseAfter(heads, { nearest: () => undefined });
  const { branch, head } = readHead(gitDir, gitCommonDir);
  return chooseAfter(heads, {
    branch,
    head,
    // Only where no session ended just here.
    nearest: (wanted) =>
      head === undefined ? undefined : readAncestry(gitDir, gitCommonDir).nearest(head, wanted),
  });
}
