/** Keeps a repository's refs and logs a second time, in reftables: as another git would have done with the same commands. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';
import { type TableLine, type TableRef, writeTable } from './write-table.ts';

export type TableMirror = {
  /** Its git folder; there are no objects in it. */
  readonly gitDir: string;
  /** One more table with what changed since. */
  update(): void;
};

type Change = readonly [from: string, to: string, message: string];

const operationFiles = ['rebase-merge', 'rebase-apply', 'MERGE_HEAD', 'BISECT_LOG'];
const operationRefs = ['CHERRY_PICK_HEAD', 'REVERT_HEAD'];

export function openTableMirror(root: string): TableMirror {
  const source = join(root, '.git');
  const gitDir = join(makeFolder(), '.git');
  mkdirSync(join(gitDir, 'reftable'), { recursive: true });
  mkdirSync(join(gitDir, 'refs'));
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
  writeFileSync(join(gitDir, 'refs', 'heads'), '');
  const names: string[] = [];
  let refs = new Map<string, string>();
  let logs = new Map<string, { readonly index: number; readonly line: string }[]>();
  let counted = 0;

  function readRefs(): Map<string, string> {
    const all = git(root, 'for-each-ref', '--format=%(refname) %(objectname)').split('\n');
    const found = all.filter((it) => it !== '').map((it) => it.split(' ') as [string, string]);
    const special = ['HEAD', ...operationRefs].filter((it) => existsSync(join(source, it)));
    const texts = special.map((it) => [it, readFileSync(join(source, it), 'utf8').trim()] as const);
    return new Map([...found, ...texts]);
  }

  function readLogs(): typeof logs {
    const folder = join(source, 'logs');
    const found = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = found.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
    return new Map(
      files.map((path) => {
        const name = path.slice(folder.length + 1);
        const before = [...(logs.get(name) ?? [])];
        const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
        return [
          name,
          lines.map(
            (line) =>
              before.find((it) => it.line === line && before.splice(before.indexOf(it), 1)) ??
              number(line),
          ),
        ];
      }),
    );
  }

  function number(line: string) {
    counted += 1;
    return { index: counted, line };
  }

  return {
    gitDir,
    update() {
      for (const it of operationFiles) {
        rmSync(join(gitDir, it), { recursive: true, force: true });
        if (existsSync(join(source, it)))
          cpSync(join(source, it), join(gitDir, it), { recursive: true });
      }
      const [refsNow, logsNow] = [readRefs(), readLogs()];
      const changed = [...refsNow].filter(([name, it]) => refs.get(name) !== it);
      const gone = [...refs.keys()].filter((it) => !refsNow.has(it));
      const table = {
        refs: [...changed.map(spellRef), ...gone.map((it): TableRef => [it, undefined])],
        logs: [
          ...listFresh(logsNow, logs, parseChange),
          ...listFresh(logs, logsNow, () => undefined),
        ],
        blockBytes: names.length % 2 === 0 ? 0 : 512,
      };
      [refs, logs] = [refsNow, logsNow];
      const name = `0x${String(names.length).padStart(12, '0')}-mirror.ref`;
      writeFileSync(join(gitDir, 'reftable', name), writeTable(table));
      names.push(name);
      writeFileSync(join(gitDir, 'reftable', 'tables.list'), `${names.join('\n')}\n`);
    },
  };
}

type Numbered = ReadonlyMap<string, readonly { readonly index: number; readonly line: string }[]>;

/** Lines of the one that the other has not. */
function listFresh(
  of: Numbered,
  than: Numbered,
  spell: (line: string) => Change | undefined,
): TableLine[] {
  return [...of].flatMap(([name, lines]) => {
    const known = new Set(than.get(name)?.map((it) => it.index));
    const fresh = lines.filter((it) => !known.has(it.index));
    return fresh.map(({ index, line }): TableLine => [name, index, spell(line)]);
  });
}

function spellRef([name, text]: readonly [string, string]): TableRef {
  return [name, text.startsWith('ref: ') ? { target: text.slice(5) } : text];
}

function parseChange(line: string): Change {
  const [ids = '', message = ''] = line.split('\t');
  const [from = '', to = ''] = ids.split(' ');
  return [from, to, `${message}\n`];
}
