/** clew acp: puts clew between an editor and an agent. */
import { type StalePolicy, stalePolicies } from '../guard/stale-policies.ts';
import { refuse } from './arguments.ts';
import type { Call, Command } from './command.ts';
import { readRecording, recordingExits, recordingOptions } from './recording-options.ts';

const name = 'acp';

export const command: Command = {
  name,
  summary: 'start an agent behind clew: forward everything, and record it',
  takes: '-- <agent> [args...]',
  words: { min: 0, max: 0 },
  behind: 'program',
  options: [
    ...recordingOptions,
    {
      name: 'stale',
      value: 'POLICY',
      about:
        'what to do about an edit that would overwrite what its agent has not seen: refuse (unless ' +
        'told), ask (you, in the editor), warn, or off',
      offers: ['refuse', 'ask', 'warn', 'off'],
    },
    {
      name: 'resume',
      about:
        'tell the agent, before its first prompt, where earlier sessions left the work; CLEW_RESUME=1 too',
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
  exits: recordingExits,
  run(call) {
    const { options, rest, io, wiring } = call;
    if (!rest[0])
      throw refuse({ name }, 'no agent is named behind --', 'try: clew acp -- <agent> [args...]');
    return wiring.startSidecar({
      ...readRecording(call, name),
      command: rest,
      stale: readStale(call),
      resumes: options.resume === true || io.env['CLEW_RESUME'] === '1',
      tellsAgent: options['drift-context'] === true || io.env['CLEW_DRIFT_CONTEXT'] === '1',
    });
  },
};

function readStale({ options, io }: Call): StalePolicy {
  const told = options['stale'];
  const text = typeof told === 'string' ? told : io.env['CLEW_STALE'];
  if (text === undefined) return 'refuse';
  const policy = stalePolicies.find((it) => it === text);
  if (policy !== undefined) return policy;
  throw refuse(
    { name },
    `--stale is no policy: ${text}`,
    `say one of ${stalePolicies.join(', ')} (or set CLEW_STALE)`,
  );
}
