/** The front thread: wires editor and agent to each other, and does nothing else. */
import { awaitDrained } from './proxy/await-drained.ts';
import { type BackLink, openBackLink } from './proxy/back-link.ts';
import { describeDeparture, exitCodeOf, farewellOf, signalNumber } from './proxy/departures.ts';
import { type Flow, openFlow } from './proxy/flow.ts';
import { type Gate, gates, type Side } from './proxy/gates.ts';
import { watchHello } from './proxy/greeting.ts';
import { openLifetime } from './proxy/lifetime.ts';
import { openQuestions } from './proxy/open-questions.ts';
import { openPassage, type Passage } from './proxy/passage.ts';
import { runExec } from './proxy/run-exec.ts';
import type { SidecarOptions } from './proxy/sidecar-options.ts';
import { watchHangUps } from './proxy/watch-hang-ups.ts';
import { watchSignals } from './proxy/watch-signals.ts';
import { startAgent } from './wire/agent-process.ts';
import type { AgentGone } from './wire/notes.ts';
import { releaseDescriptor } from './wire/release-descriptor.ts';
import { shedBuffers } from './wire/shed-buffers.ts';
import { openStandardError } from './wire/standard-error.ts';
import { openStandardOutput } from './wire/standard-output.ts';
import { stretchWait } from './wire/stretch-wait.ts';

const firstRequestMs = stretchWait(1_000);
/** For an editor that does not read what is left, when we are told to leave. */
const hurriedMs = 500;
const lookForParentMs = 500;

/** Runs until the agent is gone and everything is written; resolves with the exit code. */
export function runSidecar(options: SidecarOptions): Promise<number> {
  if (options.prints !== undefined) return runExec(options, { entry: backEntry(), say });
  return runBetween(options);
}

async function runBetween(options: SidecarOptions): Promise<number> {
  const agent = startAgent(options.command, options.run);
  const output = openStandardOutput();
  const life = openLifetime(agent, options.patience);
  let finished: Promise<void> | undefined;
  const toAgent = openFlow(process.stdin, agent.stdin, () => {});
  const toEditor = openFlow(agent.stdout, output, () => {
    // Where we hung up ourselves, nobody else did.
    if (finished === undefined) life.stopNow();
  });
  const link: BackLink = openBackLink(backEntry(), options, {
    inject(to, line, settles) {
      inject(to, line);
      if (settles !== undefined) questions.settle(settles);
    },
    lost: () => questions.letGo(),
    say,
  });

  const down = connect('editor', toAgent, (line) => up.inject(line));
  const up = connect('agent', toEditor, (line) => down.inject(line));
  const hello = watchHello((watches) => {
    for (const watch of watches.editor) down.watches.add(watch);
    up.watches.add(watches.agent);
  });
  down.watches.add(hello);
  const questions = openQuestions({ watches: down.watches, inject });

  function inject(to: Side, line: Buffer): void {
    (to === 'editor' ? up : down).inject(line);
  }

  function connect(from: Side, flow: Flow, reply: (line: Buffer) => void): Passage {
    const ask = (gate: Gate, line: Buffer, settle: Parameters<BackLink['ask']>[1]) =>
      link.ask(gate, (verdict) => {
        settle(verdict);
        questions.follow(verdict, from, line);
      });
    const note = (bytes: Buffer) => link.note(from, bytes);
    const ports = { send: flow.send, pause: flow.pause, note, ask, reply };
    const passage = openPassage(ports, options.lineLimitBytes);
    for (const gate of gates)
      if (gate.from === from)
        passage.watches.add({
          needle: gate.needle,
          answers: false,
          gateOf: (method) => (method === gate.name ? gate : undefined),
        });
    return passage;
  }

  let editorLeft = false;
  const heard = { editor: false, agent: false };
  process.stdin.on('data', (chunk: Buffer) => {
    heard.editor = true;
    down.feed(chunk);
    shedBuffers(chunk.length);
  });
  // A file as stdin ends without closing, a broken one closes without ending.
  const leave = () => {
    if (editorLeft) return;
    editorLeft = true;
    down.end(() => agent.stdin.end());
    life.leaveSoon();
  };
  process.stdin.once('end', leave);
  process.stdin.once('close', leave);
  process.stdin.once('error', () => process.stdin.destroy());
  agent.stdout.on('data', (chunk: Buffer) => {
    heard.agent = true;
    up.feed(chunk);
    shedBuffers(chunk.length);
  });

  const stopped = watchSignals(life);
  const isHurried = () => stopped() !== undefined;
  watchParent(life.stopNow);

  /** Nothing more comes from the agent: what it owes is answered, and all of it is sent. */
  async function finish(gone: AgentGone): Promise<void> {
    await new Promise<void>((resolve) => up.end(resolve));
    if (!editorLeft) {
      if (!heard.agent && !heard.editor) await firstBytes();
      for (const line of await link.askUnanswered(gone, isHurried)) up.inject(Buffer.from(line));
    }
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => isHurried() && resolve(), hurriedMs);
      toEditor.finish(() => {
        clearInterval(timer);
        resolve();
      });
    });
  }

  watchHangUps(agent, {
    mute() {
      say('the agent closed its output and lives on: nothing more can come from it');
      finished = finish({ message: 'the agent closed its output' }).then(() => {
        output.destroy();
        releaseDescriptor(1);
      });
    },
    deaf() {
      if (editorLeft) return;
      // From now on the editor is told when it writes; that it leaves, only its own end can tell.
      process.stdin.off('close', leave).destroy();
      releaseDescriptor(0);
    },
  });

  const departure = await agent.departed;
  await Promise.all([life.clearGroup(), awaitDrained(agent, isHurried)]);
  const message = describeDeparture(departure, options.command, heard.agent);
  if (message !== undefined && stopped() === undefined && !(editorLeft && heard.agent))
    say(message);
  finished ??= finish({
    message: message ?? `the agent left (code ${departure.code ?? 0})`,
    code: departure.code ?? undefined,
    signal: departure.signal ?? undefined,
  });
  await finished;
  await link.close(farewellOf(departure, editorLeft, stopped()), isHurried);
  return stopped() === undefined ? exitCodeOf(departure) : 128 + signalNumber(stopped() as string);
}

/** An agent that fails at once may be gone before the editor has said hello; that hello is answered. */
function firstBytes(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, firstRequestMs);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    process.stdin.once('data', stop);
    process.stdin.once('close', stop);
  });
}

function watchParent(leave: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    leave();
  }, lookForParentMs);
  timer.unref();
}

const warn = openStandardError();

function say(text: string): void {
  warn(`clew: ${text}\n`);
}

/** The back thread's file, beside this one: built, or as it is under tsx. */
function backEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './back.ts' : './back.js', import.meta.url);
}
