/** The floors of the house, from the ground up. */
import type { SourceTree } from './source-tree.ts';

export const floors: readonly (readonly string[])[] = [
  ['errors.ts', 'contract'],
  ['journal', 'snapshot'],
  [
    'acp',
    'agents',
    'attribution',
    'compare',
    'context',
    'drift',
    'guard',
    'hooking',
    'layers',
    'secrets',
    'tasks',
    'trace',
    'undo',
  ],
  ['repo', 'shadow', 'store', 'wire', 'workspace'],
  ['methods', 'proxy', 'recorder'],
  ['cli', 'embed', 'rpc'],
  ['back.ts', 'front.ts', 'keep.ts'],
  ['main.ts'],
];

/** The floors that decide and touch nothing. */
export const pureFloorCount = 3;

/** `acp` for src/acp/conversation.ts, `errors.ts` for src/errors.ts. */
export const roomOf = (path: string) => path.split('/')[1] ?? '';
export const floorOf = (path: string) => floors.findIndex((it) => it.includes(roomOf(path)));
const pureRooms = floors.slice(0, pureFloorCount).flat();
export const isPure = (path: string) => path.startsWith('src/') && pureRooms.includes(roomOf(path));

export const pathsIn = (tree: SourceTree, folder: string) =>
  [...tree.keys()].filter((it) => it.startsWith(`${folder}/`));
