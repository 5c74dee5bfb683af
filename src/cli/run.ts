/** Finds the command that the arguments name, runs it, and says what went wrong. */
import { Failure } from '../errors.ts';
import { readVersion } from '../store/clew-version.ts';
import type { Command, Listed, Wiring } from './command.ts';
import type { Io } from './io.ts';
import { commands } from './table.ts';

/** For what clew itself did wrong, as sysexits.h has it. */
const bugExit = 70;

/** Resolves with the exit code. */
export async function run(argv: readonly string[], io: Io, wiring: Wiring): Promise<number> {
  try {
    return await dispatch(argv, io, wiring);
  } catch (error) {
    const own = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
    const { showFailure } = await import('./show-failure.ts');
    io.warn(showFailure(error, own.includes('--json')));
    return error instanceof Failure ? error.exitCode : bugExit;
  }
}

async function dispatch(argv: readonly string[], io: Io, wiring: Wiring): Promise<number> {
  const [name, ...args] = argv;
  if (name === '--version' || name === '-V') {
    io.write(`clew ${readVersion()}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return help(name === 'help' ? args : [], io);
  const listed = commands.find((it) => it.name === name);
  if (listed === undefined) throw await unknown(name);
  const command = await load(listed);
  const { readArguments } = await import('./arguments.ts');
  const call = readArguments(command, args);
  if (call !== 'help') return command.run({ ...call, io, wiring, commands });
  const { showHelp } = await import('./help.ts');
  io.write(showHelp(command));
  return 0;
}

async function help([name, about]: readonly string[], io: Io): Promise<number> {
  if (name === 'rpc') {
    const { showRpcHelp } = await import('./help-rpc.ts');
    io.write(await showRpcHelp(about));
    return 0;
  }
  const { showHelp, showOverview } = await import('./help.ts');
  const listed = commands.find((it) => it.name === name);
  if (name !== undefined && listed === undefined) throw await unknown(name);
  io.write(listed === undefined ? showOverview(commands) : showHelp(await load(listed)));
  return 0;
}

async function load(listed: Listed): Promise<Command> {
  return (await listed.load()).command;
}

async function unknown(name: string): Promise<Failure> {
  const { suggest } = await import('./suggest.ts');
  const isOption = name.startsWith('-');
  const near = suggest(
    name,
    isOption ? ['--help', '--version'] : [...commands.map((it) => it.name), 'help'],
  );
  const what = isOption ? 'option' : 'command';
  return new Failure('usage', `there is no ${what} ${name === '' ? "''" : name}`, {
    data: { command: name },
    hint:
      near === undefined ? '`clew --help` lists the commands' : `did you mean \`clew ${near}\`?`,
  });
}
