/** The options of every command that starts an agent, what they mean, and how it ends. */
import type { SidecarOptions } from '../proxy/sidecar-options.ts';
import { mintUlid } from '../store/ulid.ts';
import { readBytes } from './amounts.ts';
import { refuse } from './arguments.ts';
import type { Call, Command, Option } from './command.ts';

const defaultLineLimitBytes = 64 << 20;

export const recordingOptions: readonly Option[] = [
  {
    name: 'workspace',
    value: 'DIR',
    about: 'record everything there, instead of where each session works',
    offers: 'folders',
  },
  { name: 'name', value: 'LABEL', about: 'call this agent so in `clew log`' },
  {
    name: 'line-limit',
    value: 'BYTES',
    about: 'longer lines are forwarded, but recorded as size and hash only; 64M unless told',
  },
  {
    name: 'any-folder',
    about: 'take checkpoints even of a home folder or a whole disk',
  },
  {
    name: 'copy-base',
    about: 'keep copies of your git packs for the way back, instead of hard links to them',
  },
];

export const recordingExits: NonNullable<Command['exits']> = [
  [126, 'the agent is not executable'],
  [127, 'the agent was not found'],
  [128, 'plus a signal\u2019s number: that signal ended it; otherwise the agent\u2019s own code'],
];

export function readRecording(
  call: Call,
  name: string,
): Omit<SidecarOptions, 'command' | 'stale' | 'tellsAgent' | 'resumes' | 'prints'> {
  const { options, io } = call;
  return {
    run: mintUlid(io.now()),
    workspace: textOf(options['workspace']),
    label: textOf(options['name']),
    lineLimitBytes: readLimit(call, name),
    guardsAny: options['any-folder'] === true || io.env['CLEW_ANY_FOLDER'] === '1',
    copiesBase: options['copy-base'] === true || io.env['CLEW_COPY_BASE'] === '1',
    patience: {
      graceMs: Number(io.env['CLEW_GRACE_MS'] ?? 10_000),
      killMs: Number(io.env['CLEW_KILL_MS'] ?? 5_000),
    },
  };
}

function textOf(value: string | true | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readLimit({ options, io }: Call, name: string): number {
  const text = textOf(options['line-limit']) ?? io.env['CLEW_LINE_LIMIT'];
  if (text === undefined) return defaultLineLimitBytes;
  const bytes = readBytes(text);
  if (bytes !== undefined && 0 < bytes) return bytes;
  throw refuse({ name }, `--line-limit is no size: ${text}`, 'say how many bytes: 500000, 64M, 1G');
}
