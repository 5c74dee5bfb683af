/** clew export: who wrote the lines of commits, in a form that other programs read. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TraceRecord } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { showCount } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask } from './ask.ts';
import { type Command, workspaceOption } from './command.ts';
import { showLine } from './printable.ts';

const name = 'export';
const format = 'agent-trace';

export const command: Command = {
  name,
  summary: 'write who wrote the lines of commits, as Agent Trace records',
  takes: 'agent-trace [<rev>…]',
  words: { min: 1, max: 1000 },
  choices: [format],
  options: [
    { name: 'turn', value: 'ID', repeats: true, about: 'a turn, as a provisional record' },
    {
      name: 'out',
      value: 'FILE',
      about: 'add to this file what it has not yet; usual is .agent-trace/traces.jsonl',
      offers: 'files',
    },
    workspaceOption,
  ],
  about:
    'Writes a record of Agent Trace 0.1.0 for each commit: of each range of lines that it added ' +
    'the session and turn, the model, the evidence, and a hash of the lines. A revision may be a ' +
    'range; HEAD is meant when none is named. With --out, records that are there already are left ' +
    'out, and after a rebase or squash a new one says which it supersedes. ' +
    '`clew verify --attribution` checks them.',
  examples: [
    ['clew export agent-trace', 'the newest commit, on standard output'],
    ['clew export agent-trace main..HEAD --out .agent-trace/traces.jsonl', 'a branch, into a file'],
    ['clew export agent-trace --turn @turn', 'the last turn, committed or not'],
  ],
  exits: [[5, 'there is no such revision or turn']],
  async run(call) {
    const { io, options, lists, words } = call;
    const [wanted, ...revs] = words;
    if (wanted !== format)
      throw refuse({ name }, `export knows no ${wanted}`, `say: clew export ${format}`);
    const turns = lists['turn'] ?? [];
    const { out } = options;
    const file = typeof out === 'string' ? resolve(io.cwd, out) : undefined;
    const { records, known } = await ask(call, 'attribution/export', {
      ...(revs.length === 0 ? {} : { revs }),
      ...(turns.length === 0 ? {} : { turns: [...turns] }),
      ...(file === undefined ? {} : { earlier: file }),
    });
    if (file === undefined) io.write(writeLines(records));
    else {
      addTo(file, records);
      const left = known === 0 ? '' : `, ${known} were there already`;
      io.write(`${showCount(records.length, 'record')} added to ${showLine(file)}${left}\n`);
    }
    return 0;
  },
};

function writeLines(records: readonly TraceRecord[]): string {
  return records.map((it) => `${JSON.stringify(it)}\n`).join('');
}

/** There as a whole or not at all: others may be reading it. */
function addTo(file: string, records: readonly TraceRecord[]): void {
  if (records.length === 0) return;
  const draft = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(file));
    const before = readIfThere(file);
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    writeFileSync(draft, before + gap + writeLines(records));
    renameSync(draft, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    rmSync(draft, { force: true });
    throw new Failure('invalid-params', `${file} cannot be written: ${code}`, {
      data: { file },
      hint: 'name another file with --out',
    });
  }
}

/** One folder only: where the system says that there is none above, Node asks for ever to make it. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}
