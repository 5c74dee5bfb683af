/** A host's own recorder of a workspace: its journal, its socket, its lease. */
import { homedir } from 'node:os';
import { openDesk } from '../recorder/open-desk.ts';
import { openToldProgress } from '../recorder/open-told-progress.ts';
import { openRedactor } from '../secrets/redactor.ts';
import { readVersion } from '../store/clew-version.ts';
import { openClock } from '../store/clock.ts';
import { openStateHome } from '../store/state-folder.ts';
import { checkGuardable } from '../workspace/check-guardable.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import type { TraceSinkOptions, WorkspaceTraceSink } from './open-trace-sink.ts';

export function openWorkspaceSink(options: TraceSinkOptions): WorkspaceTraceSink {
  const { label, env = process.env, warn = () => undefined } = options;
  const { root } = locateWorkspace(options.workspace);
  checkGuardable(root, { homes: [homedir()], isForced: env['CLEW_ANY_FOLDER'] === '1' });
  const redactor = openRedactor({ environment: env });
  const progress = openToldProgress({ root, env, redact: redactor.text, warn });
  const desk = openDesk(root, {
    home: openStateHome(env),
    clock: openClock(),
    run: {
      pid: process.pid,
      clew: readVersion(),
      command: [label],
      label,
      platform: process.platform,
      node: process.version,
    },
    restart: undefined,
    redact: (event) => redactor.value(event),
    say: warn,
    wrote: () => undefined,
    opened: () => undefined,
    progress,
    farewell: () => ({ reason: 'editor-left' }),
  });

  return {
    write(note) {
      if (note.event.type === 'step-ended') progress.drop(note.event.step);
      desk.append({ ...note, event: redactor.value(note.event) });
    },
    progress: progress.tell,
    flush: () => desk.acknowledge(),
    async close() {
      progress.close();
      await desk.close();
    },
  };
}
