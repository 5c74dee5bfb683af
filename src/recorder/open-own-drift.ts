/** The repositories of a sidecar: watched, told of, and held against what its sessions know. */
import { noticeOf } from '../acp/own-lines.ts';
import type { Event } from '../contract/types.gen.ts';
import { describeDrift } from '../drift/describe-drift.ts';
import type { RepoEvent } from '../drift/fold-moves.ts';
import type { Note } from '../journal/entry.ts';
import { findDriftPlace } from './find-drift-place.ts';
import { findWatched } from './find-watched.ts';
import { type MendPorts, mendHooks } from './mend-hooks.ts';
import { type Drift, type DriftPorts, openDrift } from './open-drift.ts';
import { openWatches, type Watches } from './open-watches.ts';

export type OwnDriftOptions = Omit<DriftPorts, 'placeOf' | 'notify'> & {
  /** The state home. */
  home(): string;
  /** Undefined while nothing is recorded there. */
  writerOf(root: string): string | undefined;
  redact(event: RepoEvent): RepoEvent;
  writeAt(root: string, event: Event): void;
  readonly env: MendPorts['env'];
  /** Sends a line to the editor. */
  inject(line: string): void;
  say(text: string): void;
};

export type OwnDrift = {
  /** Everything that is written down, after it was. */
  watch(note: Note): void;
  readonly beforePrompt: Drift['beforePrompt'];
  readonly close: Watches['close'];
};

const mendMs = 500;
const offer = '`clew drift` tells more, and offers fork, fast-forward, rebuild or ignore';

export function openOwnDrift(options: OwnDriftOptions): OwnDrift {
  const { home, run, writerOf, redact, complain, say } = options;
  const watches = openWatches({
    placeOf: (root) => findWatched(root, { home: home(), run, writer: writerOf(root), say }),
    redact,
    async tell(root, events) {
      for (const event of events) options.writeAt(root, event);
      await options.acknowledge();
    },
    moved: (root) => drift.moved(root),
    complain,
  });
  const drift = openDrift({
    ...options,
    placeOf: (root) => findDriftPlace(root, { home: home(), moves: watches.of(root) }),
    notify(agentSession, found) {
      const { title, description } = describeDrift(found);
      const isAlert = found.level === 'alert';
      const words = isAlert ? `${description}; ${offer}` : description;
      if (showsNotices) options.inject(noticeOf(agentSession, title, words));
      if (isAlert) options.say(`${title} (${description}); ${offer}`);
    },
  });
  let showsNotices = false;
  const mending = new Map<string, NodeJS.Timeout>();
  function watch(note: Note): void {
    const { event } = note;
    if (event.type === 'agent-connected')
      showsNotices = event.notices === true || event.protocol >= 2;
    drift.watch(note);
    const root = note.session === undefined ? undefined : options.rootOf(note.session);
    if (event.type === 'session-opened' && root !== undefined) mendSoon(root);
  }

  /** Once for each workspace, when nobody waits for the session any more. */
  function mendSoon(root: string): void {
    if (mending.has(root)) return;
    const write = (event: Event) => options.writeAt(root, event);
    const { env, say } = options;
    const timer = setTimeout(() => {
      try {
        mendHooks(root, { home: home(), env, write, say });
      } catch (error) {
        complain(`looking after the hooks of ${root}`, error);
      }
    }, mendMs);
    mending.set(root, timer.unref());
  }

  async function close(): Promise<void> {
    for (const timer of mending.values()) clearTimeout(timer);
    await watches.close();
  }

  return { watch, beforePrompt: drift.beforePrompt, close };
}
