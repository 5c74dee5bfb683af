/** Shows what the sidecar writes into its journal, while it writes it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Event, JournalLine } from '../../src/contract/types.gen.ts';
import { cyan, faint, say } from './paint.ts';

export type Recording = {
  /** Resolves when an event of this type has been shown; false when it does not come in time. */
  waitFor(type: Event['type']): Promise<boolean>;
  close(): void;
};

const lookEveryMs = 25;
const patienceMs = 5_000;

export function followRecording(home: string): Recording {
  const shown = new Map<string, number>();
  const counts = new Map<string, number>();
  const waited = new Map<string, number>();
  const timer = setInterval(look, lookEveryMs);

  function look(): void {
    for (const path of journalsIn(home)) {
      const lines = readFileSync(path, 'utf8').split('\n').slice(1, -1);
      for (const line of lines.slice(shown.get(path) ?? 0)) {
        const event = (JSON.parse(line) as JournalLine).event as Event;
        counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
        show(event);
      }
      shown.set(path, lines.length);
    }
  }

  return {
    async waitFor(type) {
      const wanted = (waited.get(type) ?? 0) + 1;
      waited.set(type, wanted);
      for (let left = patienceMs; 0 < left; left -= lookEveryMs) {
        if (wanted <= (counts.get(type) ?? 0)) return true;
        await pause(lookEveryMs);
      }
      return false;
    },
    close() {
      clearInterval(timer);
      look();
    },
  };
}

function journalsIn(home: string): string[] {
  const room = join(home, 'workspaces');
  if (!existsSync(room)) return [];
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith('.ndjson'))
    .map((it) => join(room, it));
}

function show(event: Event): void {
  const about = describe(event).replace(/\s+/g, ' ').trim();
  const cut = about.length > 78 ? `${about.slice(0, 77)}…` : about;
  say(`  ${faint('journal')}  ${cyan(event.type.padEnd(20))} ${cut}`);
}

const names = (paths: readonly { path: string }[]) =>
  paths.map((it) => it.path.split('/').slice(-2).join('/')).join(', ');

/** What a person would want to know of it; the journal has more. */
function describe(event: Event): string {
  switch (event.type) {
    case 'recording-started':
      return `${event.branch ?? 'no git'} · ${event.command.length} words of command`;
    case 'agent-connected':
      return `${event.agent?.name} ${event.agent?.version}, protocol ${event.protocol}`;
    case 'turn-started':
      return event.prompt ?? event.origin;
    case 'turn-ended':
      return `${event.outcome} after ${Math.round(event.afterMs)} ms`;
    case 'step-started':
      return `${event.kind}${event.title === undefined ? '' : `: ${event.title}`}`;
    case 'step-ended':
      return event.exitCode === undefined
        ? event.outcome
        : `${event.outcome}, exit ${event.exitCode}`;
    case 'message-said':
      return `${event.role}: ${event.text}`;
    case 'permission-asked':
      return event.title ?? '';
    case 'permission-answered':
      return `${event.outcome} by the ${event.by}`;
    case 'files-claimed':
      return `${event.claims.map((it) => it.operation).join(', ')} ${names(event.claims)}`;
    case 'file-read':
    case 'file-written':
      return `${names([event])}, ${event.bytes ?? 0} bytes, blob ${event.blob?.slice(0, 8) ?? '-'}`;
    case 'plan-changed':
      return event.entries
        .map((it) => `${it.status === 'completed' ? '✓' : '·'} ${it.content}`)
        .join('  ');
    case 'usage-reported':
      return `${event.used} of ${event.size} tokens, ${event.cost?.amount} ${event.cost?.currency}`;
    case 'session-opened':
      return `${event.how}: ${event.agentSession}`;
    default:
      return '';
  }
}
