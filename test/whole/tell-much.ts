/** A workspace of which so much is recorded that taking it into the index needs several goes, and more than a moment. */
import type { Event } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { openScribe } from '../store/index/journals.ts';
import type { Stage } from './stage.ts';

const [writer, session] = ['01K5A0000000000000000WRTR1', '01K5A00000000000000SESSON1'];
const [turn, step] = ['01K5A0000000000000000TVRN1', '01K5A0000000000000000STEP1'];
const messages = 45_000;
const wordsEach = 60;

/** Of one session, called `thread-1` by its agent. */
export function tellMuch(stage: Stage): void {
  const home = openStateHome({ CLEW_HOME: stage.home });
  const { journal } = openWorkspaceFolder({ home, workspace: stage.workspace });
  const events: Event[] = [
    { type: 'session-opened', how: 'new', agentSession: 'thread-1' },
    { type: 'turn-started', turn, origin: 'prompt', prompt: 'talk' },
    { type: 'step-started', turn, step, kind: 'message', role: 'agent' },
  ];
  for (let part = 0; part < messages; part += 1) {
    const words = Array.from(
      { length: wordsEach },
      (_, n) => `word${(part * 31 + n * 17) % 5_000}`,
    );
    events.push({ type: 'message-said', turn, step, role: 'agent', part, text: words.join(' ') });
  }
  openScribe(journal).write(
    events.map(
      (event, n): Entry => ({
        ...{ writer, session, seq: n + 1, at: 1_790_000_000_000 + n, mono: n },
        event,
      }),
    ),
  );
}
