/** The sessions that a host keeps in one workspace, with everything that a sidecar would do for them. */
import type { Event, Party } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import type { Context } from '../methods/context.ts';
import { type HostSessions, openHostSessions } from '../recorder/host-sessions.ts';
import { openDesk } from '../recorder/open-desk.ts';
import { openOwnLayers } from '../recorder/open-own-layers.ts';
import { openToldProgress } from '../recorder/open-told-progress.ts';
import { openTracking } from '../recorder/open-tracking.ts';
import { openRetention } from '../recorder/retention.ts';
import { shortenOwnHistory } from '../recorder/shorten-own-history.ts';
import { openRedactor } from '../secrets/redactor.ts';
import type { Calls } from '../shadow/calls.ts';
import { readVersion } from '../store/clew-version.ts';
import { openClock } from '../store/clock.ts';

export type OwnSessionsOptions = {
  readonly context: Context;
  /** The host, as it named itself. */
  readonly client: Party | undefined;
  readonly protocol: number;
  /** How this process was started. */
  readonly command: readonly string[];
  /** Undefined where no checkpoints are taken. */
  readonly keeper: (() => Calls) | undefined;
  /** Into the journal of whatever session it is of, or of none. */
  write(note: Note): void;
  say(text: string): void;
};

export function openOwnSessions(options: OwnSessionsOptions): HostSessions {
  const { context, client, protocol, keeper, write, say } = options;
  const { env, home } = context;
  const { root } = context.workspace;
  const clock = openClock();
  const redactor = openRedactor({ environment: env });
  const redact = (event: Event) => redactor.value(event);
  const layers = openOwnLayers({
    resumes: false,
    ...{ env, now: clock.now, write, say },
    tell: async (_root, event) => context.record({ event }),
  });
  const tracking = openTracking({
    rootOf: () => root,
    stateOf: () => context.findFolder()?.state,
    pid: process.pid,
    now: clock.now,
    write,
    say,
  });
  const retention = openRetention({
    shorten: () => shortenOwnHistory(env, root, clock.now()),
    keeperOf: () => keeper?.() as Calls,
    now: clock.now,
    write,
  });
  const progress = openToldProgress({ root, env, redact: redactor.text, warn: say });
  const run = {
    pid: process.pid,
    clew: readVersion(),
    command: [...options.command],
    platform: process.platform,
    node: process.version,
  };
  const sessions = openHostSessions({
    root,
    openDesk: () =>
      openDesk(root, {
        ...{ home, clock, run, redact, say },
        restart: undefined,
        wrote: (entry) => layers.take(root, entry),
        opened: () => undefined,
        progress,
        farewell: () => ({ reason: 'editor-left' }),
      }),
    ...{ client, protocol, keeper, retention, redact, say },
    watch: tracking.watch,
    async finish() {
      await tracking.close();
      await layers.finish();
    },
    mint: context.mint,
    mono: clock.mono,
    progress,
  });
  return {
    ...sessions,
    async record(notes) {
      const others = await sessions.record(notes);
      // Whoever asks next what a session has seen shall find this too.
      if (others.length < notes.length) await tracking.settle();
      return others;
    },
    async close() {
      retention.close();
      progress.close();
      await sessions.close();
      await layers.close();
    },
  };
}
