/** A host's own recorder of a workspace: its journal, its socket, its lease. */
import { homedir } from 'node:os';
import { tailOfWhole } from '../acp/progress.ts';
import { openDesk } from '../recorder/open-desk.ts';
import { openProgress } from '../recorder/open-progress.ts';
import { openRedactor } from '../secrets/redactor.ts';
import { readVersion } from '../store/clew-version.ts';
import { openClock } from '../store/clock.ts';
import type { Progress } from '../store/serve-progress.ts';
import { openSocketFolder } from '../store/socket-folder.ts';
import { openStateHome } from '../store/state-folder.ts';
import { checkGuardable } from '../workspace/check-guardable.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import type { TraceSinkOptions, WorkspaceTraceSink } from './open-trace-sink.ts';

export function openWorkspaceSink(options: TraceSinkOptions): WorkspaceTraceSink {
  const { label, env = process.env, warn = () => undefined } = options;
  const { root } = locateWorkspace(options.workspace);
  checkGuardable(root, { homes: [homedir()], isForced: env['CLEW_ANY_FOLDER'] === '1' });
  const redactor = openRedactor({ environment: env });
  const open = new Map<string, Progress>();
  const moved = new Set<string>();
  const teller = openProgress({
    read(which) {
      const steps = which === 'all' ? [...open.keys()] : [...moved];
      moved.clear();
      return steps.flatMap((it) => {
        const told = open.get(it);
        return told === undefined ? [] : [{ ...told, ...tailOfWhole(told.content) }];
      });
    },
    redact: redactor.text,
    rootOf: () => root,
    folder: () => openSocketFolder(env),
    refused: (error) => warn(`no live progress: ${String(error)}`),
  });
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
    progress: { serve: (writer) => teller.serve(root, writer), clear: teller.clear },
    farewell: () => ({ reason: 'editor-left' }),
  });

  return {
    write(note) {
      if (note.event.type === 'step-ended') {
        open.delete(note.event.step);
        moved.delete(note.event.step);
      }
      desk.append({ ...note, event: redactor.value(note.event) });
    },
    progress(told) {
      open.set(told.step, told);
      moved.add(told.step);
      teller.wake();
    },
    flush: () => desk.acknowledge(),
    async close() {
      teller.close();
      await desk.close();
    },
  };
}
