/** For each rule of the house a source that breaks it in exactly one place: a rule that never fires rots. */

const opening = '/** Planted, to be found. */\n';
const at = (path: string, text: string): readonly [string, string] => [path, opening + text];

/** Put together here, so that this file breaks no rule itself. */
const caught = 'catch';

export const breaches: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'every room stands on a floor': [at('src/attic/box.ts', '')],
  'imports go down, never up and never sideways': [
    at('src/journal/entry.ts', "import { x } from '../store/clock.ts';"),
    at('src/acp/turn.ts', "import type { X } from '../trace/rows.ts';"),
    at('src/acp/turn.ts', "import {\n  x,\n  y,\n} from '../cli/table.ts';"),
    at('src/cli/log.ts', "await import('../rpc/open-host.ts');"),
  ],
  'src/ imports nothing from test/, schemas/ or outside': [
    at('src/cli/log.ts', "import { x } from '../../test/fixtures/agent.ts';"),
    at('src/main.ts', "import { x } from '../../shared/x.ts';"),
  ],
  'the pure floors touch nothing': [
    at('src/guard/stale.ts', "import { readFileSync } from 'node:fs';"),
    at('src/acp/turn.ts', "import type { X } from '@agentclientprotocol/sdk';"),
    at('src/trace/rows.ts', 'const at = Date.now();'),
  ],
  'every file opens with a sentence': [['src/store/clock.ts', 'export const x = 1;\n']],
  'no room is a drawer': [at('src/store/utils.ts', ''), at('test/helpers/x.ts', '')],
  'nothing is caught in silence': [
    at('src/store/a.ts', `try { x(); } ${caught} {}`),
    at('src/store/b.ts', `try { x(); } ${caught} (error) {\n  // never mind\n}`),
    at('src/store/c.ts', `void x().${caught}(() => {});`),
  ],
  'standard output is the protocol': [
    at('src/store/a.ts', "console.log('x');"),
    at('src/recorder/b.ts', "process.stdout.write('x');"),
  ],
  'everything is exported by name, and nothing passed on': [
    at('src/store/a.ts', 'export default 1;'),
    at('src/store/b.ts', "export * from './a.ts';"),
  ],
  'only acp/ knows ACP names': [
    at('src/recorder/a.ts', "const it = 'session/prompt';"),
    at('src/recorder/a.ts', "const it = 'session/list';"),
    at('src/methods/a.ts', "const it = 'session/load';"),
  ],
  'only hands that need it and the doors read the clock': [
    at('src/recorder/a.ts', 'const it = Date.now();'),
  ],
  'the front thread loads almost nothing': [
    at('src/front.ts', "import { x } from './store/clock.ts';"),
    at('src/front.ts', "import Ajv from 'ajv';"),
  ],
  'what stands before an agent loads almost nothing': [
    at('src/cli/acp.ts', "import { x } from '../guard/judge-write.ts';"),
    at('src/main.ts', "import { x } from 'diff';"),
  ],
};
