/** clew acp: puts clew between an editor and an agent. */
import { type StalePolicy, stalePolicies } from '../guard/judge-write.ts';
import { mintUlid } from '../store/ulid.ts';
import { readBytes } from './amounts.ts';
import { refuse } from './arguments.ts';
import type { Call, Command } from './command.ts';

const name = 'acp';
const defaultLineLimitBytes = 64 << 20;

export const command: Command = {
  name,
  summary: 'start an agent behind clew: forward everything, and record it',
  takes: '-- <agent> [args...]',
  words: { min: 0, max: 0 },
  options: [
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
      name: 'stale',
      value: 'POLICY',
      about:
        'what to do about an edit that would overwrite what its agent has not seen: refuse (unless ' +
        'told), ask (you, in the editor), warn, or off',
      offers: ['refuse', 'ask', 'warn', 'off'],
    },
    {
      name: 'any-folder',
      about: 'take checkpoints even of a home folder or a whole disk',
    },
    {
      name: 'copy-base',
      about: 'keep copies of your git packs for the way back, instead of hard links to them',
    },
    {
      name: 'resume',
      about: 'tell the agent, before its first prompt, where earlier sessions left the work',
    },
    {
      name: 'drift-context',
      about:
        'tell the agent, in front of your prompt, when git moved the ground under it; CLEW_DRIFT_CONTEXT=1 too',
    },
  ],
  about:
    'Starts the agent and forwards every byte between it and the editor, untouched. Beside that ' +
    'it records what happens in the state folder of the workspace, and keeps the files as they ' +
    'were before each turn, so that `clew undo` can bring them back; nothing is written into the ' +
    'workspace itself. Put it in front of the command that your editor starts.',
  examples: [
    ['clew acp -- npx -y @agentclientprotocol/codex-acp', 'Codex, recorded'],
    ['clew acp --name review -- gemini --acp', 'Gemini CLI, called "review" in the log'],
  ],
  exits: [
    [126, 'the agent is not executable'],
    [127, 'the agent was not found'],
    [128, 'plus a signal\u2019s number: that signal ended it; otherwise the agent\u2019s own code'],
  ],
  run(call) {
    const { options, rest, io, wiring } = call;
    if (rest.length === 0)
      throw refuse({ name }, 'no agent is named behind --', 'try: clew acp -- <agent> [args...]');
    return wiring.startSidecar({
      command: rest,
      run: mintUlid(io.now()),
      workspace: textOf(options.workspace),
      label: textOf(options.name),
      lineLimitBytes: readLimit(call),
      guardsAny: options['any-folder'] === true || io.env.CLEW_ANY_FOLDER === '1',
      stale: readStale(call),
      copiesBase: options['copy-base'] === true || io.env.CLEW_COPY_BASE === '1',
      resumes: options.resume === true || io.env.CLEW_RESUME === '1',
      tellsAgent: options['drift-context'] === true || io.env.CLEW_DRIFT_CONTEXT === '1',
      patience: {
        graceMs: Number(io.env.CLEW_GRACE_MS ?? 10_000),
        killMs: Number(io.env.CLEW_KILL_MS ?? 5_000),
      },
    });
  },
};

function textOf(value: string | true | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readStale({ options, io }: Call): StalePolicy {
  const text = textOf(options.stale) ?? io.env.CLEW_STALE;
  if (text === undefined) return 'refuse';
  const policy = stalePolicies.find((it) => it === text);
  if (policy !== undefined) return policy;
  throw refuse(
    { name },
    `--stale is no policy: ${text}`,
    `say one of ${stalePolicies.join(', ')} (or set CLEW_STALE)`,
  );
}

function readLimit({ options, io }: Call): number {
  const text = textOf(options['line-limit']) ?? io.env.CLEW_LINE_LIMIT;
  if (text === undefined) return defaultLineLimitBytes;
  const bytes = readBytes(text);
  if (bytes !== undefined && 0 < bytes) return bytes;
  throw refuse({ name }, `--line-limit is no size: ${text}`, 'say how many bytes: 500000, 64M, 1G');
}
