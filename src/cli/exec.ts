/** clew exec: runs an agent that prints JSON, and records it as if it had spoken to an editor. */
import type { CliAgent } from '../agents/cli-agent.ts';
import { cliAgents } from '../agents/table.ts';
import { refuse } from './arguments.ts';
import type { Call, Command } from './command.ts';
import { readRecording, recordingExits, recordingOptions } from './recording-options.ts';

const name = 'exec';
const agentNames = cliAgents.map((it) => it.name);

export const command: Command = {
  name,
  summary: 'run an agent that prints JSON, and record it',
  takes: '-- <agent> [args...]',
  words: { min: 0, max: 0 },
  behind: 'program',
  options: [
    {
      name: 'agent',
      value: 'NAME',
      about: `whose JSON it is, where the command does not tell: ${agentNames.join(', ')}`,
      offers: agentNames,
    },
    ...recordingOptions,
  ],
  about:
    'Runs an agent without an editor, in the mode in which it prints one JSON object per line, and ' +
    'passes its output through untouched. Beside that it records the session, its steps, reads, ' +
    'edits and cost, and keeps the files as they were before and after, as `clew acp` does. Which ' +
    'files a shell command has read is guessed from its text, and marked "best effort".',
  examples: [
    ['clew exec -- codex exec --json "fix the tests"', 'Codex, recorded'],
    ['clew exec -- claude -p "why?" --output-format stream-json --verbose', 'Claude Code'],
    ['clew exec -- gemini -p "why?" -o stream-json | jq .type', 'Gemini CLI, into a pipe'],
    ['clew exec --agent codex -- ./my-codex exec --json -', 'under another name'],
  ],
  exits: recordingExits,
  run(call) {
    const { rest, wiring } = call;
    if (rest.length === 0)
      throw refuse(
        { name },
        'no agent is named behind --',
        'try: clew exec -- codex exec --json …',
      );
    const agent = chooseAgent(call);
    const missing = agent.missingWords(rest);
    if (missing !== undefined)
      throw refuse({ name }, `${agent.name} will not print JSON that way`, `add: ${missing}`);
    const recording = readRecording(call, name);
    return wiring.startSidecar({
      ...recording,
      command: rest,
      stale: 'warn',
      tellsAgent: false,
      resumes: false,
      prints: agent.name,
    });
  },
};

function chooseAgent({ options, rest }: Call): CliAgent {
  const asked = options['agent'];
  const found = cliAgents.find((it) =>
    typeof asked === 'string' ? it.name === asked : it.isMeant(rest),
  );
  if (found !== undefined) return found;
  const names = agentNames.join(', ');
  if (typeof asked === 'string')
    throw refuse({ name }, `clew reads no JSON of ${asked}`, `it reads that of ${names}`);
  const hint = `say --agent with one of ${names}; for an agent that speaks ACP: clew acp`;
  throw refuse({ name }, `nobody knows whose JSON this is: ${rest[0] ?? ''}`, hint);
}
