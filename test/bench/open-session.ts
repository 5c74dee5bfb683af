/** A long session in a workspace of its own, whose writer is there and can go on. */
import { realpathSync } from 'node:fs';
import type { Event } from '../../src/contract/types.gen.ts';
import { openContext } from '../../src/methods/context.ts';
import { openClock } from '../../src/store/clock.ts';
import { openJournalWriter } from '../../src/store/journal-writer.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import { openPlace } from './link.ts';

/** So many tool calls in one turn. */
export async function openSession(steps: number) {
  const place = openPlace();
  const workspace = realpathSync(place.workspace);
  const folder = openWorkspaceFolder({ home: openStateHome(place.env), workspace });
  const writer = openJournalWriter({
    folder: folder.journal,
    writer: mintUlid(Date.now()),
    workspace: folder.id,
    clock: openClock(),
  });
  const session = mintUlid(Date.now());
  const turn = mintUlid(Date.now());
  const say = (event: Event) => writer.append({ session, event });
  say({ type: 'session-opened', how: 'new', agentSession: 's', cwd: workspace });
  say({ type: 'turn-started', turn, origin: 'prompt', prompt: 'a long piece of work' });
  const begin = (at: number) => {
    const step = mintUlid(Date.now());
    const tool = { call: `call-${at}`, kind: 'edit', announced: true };
    say({ type: 'step-started', turn, step, kind: 'tool', title: `Edit ${at}.ts`, tool });
    return step;
  };
  for (let at = 0; at < steps; at += 1) {
    const step = begin(at);
    const path = `${workspace}/src/${at % 97}.ts`;
    const claim = { path, operation: 'modify', source: 'diff', added: 3, removed: 1 } as const;
    say({ type: 'files-claimed', turn, step, claims: [claim] });
    const output = { bytes: 40, sha256: 'aa', text: `what the tool number ${at} printed` };
    say({ type: 'step-ended', step, outcome: 'completed', afterMs: 40, output });
  }
  await writer.acknowledge();
  const closings: (() => void)[] = [];
  const openConnection = () =>
    openContext({
      folder: workspace,
      env: place.env,
      door: {
        notify: () => undefined,
        keepsUp: () => true,
        onClose: (work) => void closings.push(work),
      },
    });
  return {
    session,
    workspace,
    env: place.env,
    begin,
    openConnection,
    async close() {
      for (const work of closings) work();
      await writer.close();
      place.remove();
    },
  };
}
