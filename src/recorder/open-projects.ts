/** The project's state of each workspace that is recorded here: what sessions leave goes into it. */

import type { LongLayer, ShortLayer } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { planRoll, type Roll } from '../layers/plan-roll.ts';
import type { ProjectShelf } from '../store/open-project-shelf.ts';

export type Projects = {
  /** What others told of a workspace since the last time; nothing at the first. */
  readOn(root: string): Promise<readonly Entry[]>;
  /** Takes over what a session left, and writes the files anew. */
  roll(root: string, layer: ShortLayer, roll: Roll): Promise<void>;
  layerOf(root: string): Promise<LongLayer>;
  /** Only the files, where they are not as they should be. */
  settle(root: string): Promise<void>;
};

export type ProjectsPorts = {
  open(root: string): Promise<ProjectShelf>;
  /** For the person: the file in the workspace cannot be read, or holds a conflict. */
  say(text: string): void;
};

export function openProjects(ports: ProjectsPorts): Projects {
  const opened = new Map<string, Promise<ProjectShelf>>();
  const said = new Set<string>();
  /** One after the other: each sees what the one before it left. */
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine;
    return mine;
  }

  function shelfOf(root: string): Promise<ProjectShelf> {
    const known = opened.get(root) ?? ports.open(root);
    opened.set(root, known);
    // What could not be opened is tried again the next time.
    known.catch(() => opened.delete(root));
    return known;
  }

  async function settle(root: string, shelf: ProjectShelf): Promise<void> {
    const { problem } = await shelf.settle();
    if (problem !== undefined && !said.has(problem)) ports.say(problem);
    if (problem !== undefined) said.add(problem);
    const ids = shelf.fold.conflicts().map((it) => it.id);
    const text = `the state of ${root} was changed in two ways at once: ${ids.join(', ')}; \`clew state conflicts\` shows both sides`;
    if (ids.length > 0 && !said.has(text)) ports.say(text);
    if (ids.length > 0) said.add(text);
  }

  return {
    readOn: (root) =>
      inTurn(async () => {
        const isFirst = !opened.has(root);
        const shelf = await shelfOf(root);
        const entries = await shelf.readOn();
        return isFirst ? [] : entries;
      }),
    roll: (root, layer, roll) =>
      inTurn(async () => {
        const shelf = await shelfOf(root);
        await shelf.readOn();
        const changes = planRoll(layer, shelf.fold, roll);
        if (changes.length > 0)
          await shelf.change({
            type: 'state-changed',
            how: 'rolled',
            by: 'clew',
            why: roll.why,
            changes,
          });
        await settle(root, shelf);
      }),
    layerOf: (root) => inTurn(async () => (await shelfOf(root)).fold.layer()),
    settle: (root) => inTurn(async () => settle(root, await shelfOf(root))),
  };
}
