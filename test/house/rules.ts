/** The rules of the house: each takes the sources and names the places that break it. */
import { floorOf, isPure, pathsIn, roomOf } from './floors.ts';
import { allImports, type SourceTree } from './source-tree.ts';

export type Rule = (tree: SourceTree) => string[];

/** Every place in `paths` where the pattern occurs, as `path:line why`. */
function findAll(tree: SourceTree, paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) => {
    const text = tree.get(path) ?? '';
    return [...text.matchAll(pattern)].map(
      (it) => `${path}:${text.slice(0, it.index).split('\n').length} ${it[0].trim()}`,
    );
  });
}

const inSrc = (tree: SourceTree) => pathsIn(tree, 'src');
const outside = (tree: SourceTree, rooms: readonly string[]) =>
  inSrc(tree).filter((it) => !rooms.includes(roomOf(it)));

const standsOnAFloor: Rule = (tree) => inSrc(tree).filter((it) => floorOf(it) === -1);

const importsGoDown: Rule = (tree) =>
  allImports(tree)
    .filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/'))
    .filter(({ from, to }) => roomOf(from) !== roomOf(to) && floorOf(from) <= floorOf(to))
    .map(({ from, to, line }) => `${from}:${line} imports ${to}`);

const staysInTheHouse: Rule = (tree) =>
  allImports(tree)
    .filter(({ from, to }) => from.startsWith('src/') && !to.startsWith('src/') && to.includes('/'))
    .filter(({ to }) => to.startsWith('..') || /^(test|schemas|\.ci)\//.test(to))
    .map(({ from, to, line }) => `${from}:${line} imports ${to}`);

/** Packages that only reckon. */
const purePackages = ['diff', 'yaml'];
const pureFloorsTouchNothing: Rule = (tree) => {
  const pure = inSrc(tree).filter(isPure);
  const foreign = allImports(tree)
    .filter(({ from, to }) => pure.includes(from) && !to.startsWith('src/'))
    .filter(({ to }) => !purePackages.includes(to))
    .map(({ from, to, line }) => `${from}:${line} imports ${to}`);
  const clock = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b/g;
  return [...foreign, ...findAll(tree, pure, clock)];
};

/** A test says what it is by its name. */
const opensWithASentence: Rule = (tree) =>
  [...tree]
    .filter(([path]) => !path.endsWith('.test.ts'))
    .filter(([, text]) => !/^(#!.*\n)?\/\*\*(?:\n \*)? [^\n]{10}/.test(text))
    .map(([path]) => path);

const bannedRoom =
  /^(utils?|helpers?|common|misc|shared|libs?|core|managers?|services?)(\.test)?(\.ts|\.mjs)?$/;
const hasNoDrawer: Rule = (tree) =>
  [...tree.keys()].filter((path) => path.split('/').some((it) => bannedRoom.test(it)));

const catchesNothingSilently: Rule = (tree) => [
  ...findAll(tree, [...tree.keys()], emptyBlock),
  ...findAll(tree, [...tree.keys()], emptyHandler),
];
/** A comment alone does not handle anything either. */
const emptyBlock = /\bcatch\s*(?:\([^)]*\)\s*)?\{(?:\s|\/\/[^\n]*\n|\/\*[^*]*\*\/)*\}/g;
/** A promise may be let go when the line above says who hears of its failure. */
const emptyHandler =
  /(?<!\/\/[^\n]*\n[^\n]*)\.catch\(\s*(?:async\s*)?\([^)]*\)\s*=>\s*(?:\{\s*\}|undefined|null)\s*,?\s*\)/g;

/** Standard output is the protocol: only doors and the hands on the wire write there. */
const keepsStdoutClean: Rule = (tree) => [
  ...findAll(tree, outside(tree, ['cli']), /\bconsole\.\w+\(/g),
  ...findAll(
    tree,
    outside(tree, ['cli', 'wire', 'proxy', 'front.ts', 'main.ts']),
    /\bprocess\.stdout\b/g,
  ),
];

const exportsByName: Rule = (tree) =>
  findAll(tree, inSrc(tree), /^export (?:default\b|\* from\b).*/gm);

/** Proxy names the three gates, because the front thread must not load acp/. */
const acpName =
  /['"`](?:(?:session|fs|terminal|elicitation)\/[a-z_]+|tool_call(?:_update)?|agent_message_chunk)['"`]/g;
/** Methods of our own that happen to sound like theirs, where methods are asked and answered. */
const ownName = /['"`]session\/(?:end|list|show|start)['"`]/;
const doors = ['methods', 'cli', 'embed', 'rpc'];
const onlyAcpKnowsAcp: Rule = (tree) =>
  findAll(tree, outside(tree, ['acp', 'agents', 'proxy']), acpName).filter(
    (found) => !(ownName.test(found) && doors.includes(roomOf(found))),
  );

/** Hands that look at files must also know how long ago, for a file as young as the look may change unseen. */
const clockRooms = [
  'store',
  'shadow',
  'workspace',
  'cli',
  'main.ts',
  'front.ts',
  'back.ts',
  'keep.ts',
];
const onlyStoreReadsTheClock: Rule = (tree) =>
  findAll(tree, outside(tree, clockRooms), /\bDate\.now\b|\bnew Date\(\)/g);

/** All that is loaded when `roots` are, in the order it is met, with those who are not `known` said. */
function findLoaded(
  tree: SourceTree,
  roots: readonly string[],
  known: (path: string) => boolean,
): string[] {
  const loaded = allImports(tree).filter((it) => !it.typeOnly && !it.dynamic);
  const reached = new Set(roots);
  const wrong: string[] = [];
  for (const path of reached) {
    for (const { to, line } of loaded.filter((it) => it.from === path)) {
      if (!to.startsWith('node:') && !known(to)) wrong.push(`${path}:${line} loads ${to}`);
      else if (to.startsWith('src/')) reached.add(to);
    }
  }
  return wrong;
}

/** The front thread loads almost nothing, and starts fast because of it. */
const frontRooms = ['wire', 'proxy', 'errors.ts', 'front.ts'];
const frontLoadsLittle: Rule = (tree) =>
  findLoaded(tree, ['src/front.ts'], (path) => frontRooms.includes(roomOf(path)));

/** The agent of an editor is not started before its command is loaded. */
const starters = ['src/main.ts', 'src/cli/acp.ts'];
const starterFiles = [
  'src/errors.ts',
  'src/guard/stale-policies.ts',
  'src/store/clew-version.ts',
  'src/store/ulid.ts',
];
const startersLoadLittle: Rule = (tree) =>
  findLoaded(tree, starters, (path) => roomOf(path) === 'cli' || starterFiles.includes(path));

export const rules: Readonly<Record<string, Rule>> = {
  'every room stands on a floor': standsOnAFloor,
  'imports go down, never up and never sideways': importsGoDown,
  'src/ imports nothing from test/, schemas/ or outside': staysInTheHouse,
  'the pure floors touch nothing': pureFloorsTouchNothing,
  'every file opens with a sentence': opensWithASentence,
  'no room is a drawer': hasNoDrawer,
  'nothing is caught in silence': catchesNothingSilently,
  'standard output is the protocol': keepsStdoutClean,
  'everything is exported by name, and nothing passed on': exportsByName,
  'only acp/ knows ACP names': onlyAcpKnowsAcp,
  'only hands that need it and the doors read the clock': onlyStoreReadsTheClock,
  'the front thread loads almost nothing': frontLoadsLittle,
  'what stands before an agent loads almost nothing': startersLoadLittle,
};
