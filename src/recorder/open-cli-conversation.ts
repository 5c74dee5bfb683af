/** A conversation with an agent that prints JSON: brought to the words of ACP, and then understood like all others. */
import type { CliReader } from '../agents/cli-agent.ts';
import type { Spoken } from '../agents/speaker.ts';
import type { Note } from '../journal/entry.ts';
import { readShape } from '../journal/json.ts';
import type { RecorderPorts } from './recorder.ts';

type Conversation = RecorderPorts['conversation'];
type Line = Parameters<Conversation['read']>[0];

export function openCliConversation(conversation: Conversation, reader: CliReader): Conversation {
  function say(spoken: readonly Spoken[], { bytes, mono }: Line): Note[] {
    return spoken.flatMap(({ from, message }) => {
      const text = JSON.stringify(message);
      return conversation.read({ from, text, bytes, mono });
    });
  }

  return {
    ...conversation,
    read(line) {
      if (line.from === 'editor') return say(reader.feed(line.text), line);
      const heard = readShape(line.text);
      // What is no JSON is kept as it is.
      return heard === undefined ? conversation.read(line) : say(reader.hear(heard), line);
    },
    readRun: () => undefined,
    // Nobody waits for an answer: the requests are only words of ours.
    pending: () => [],
  };
}
