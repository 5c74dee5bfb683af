/** clew trace: watches one session as it happens, as a tree. */
import type { TraceSeq, TraceTold } from '../contract/types.gen.ts';
import { openContext } from '../methods/context.ts';
import { answer } from '../methods/table.ts';
import { holdRows } from '../trace/hold-rows.ts';
import { showNumber } from './amounts.ts';
import { folderOf } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import { openProgress } from './progress.ts';
import { openTracePrinter } from './trace-printer.ts';

const exits = { SIGINT: 130, SIGTERM: 143 } as const;

export const command: Command = {
  name: 'trace',
  summary: 'watch a session as a tree, while it goes on',
  takes: '[<session>]',
  words: { min: 0, max: 1 },
  offers: 'sessions',
  options: [
    { name: 'once', about: 'show what there is by now, and end' },
    { name: 'progress', about: 'with --json: also the text of steps that are going on' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Shows the turns and steps of a session, with what is going on right now and for how long. In a ' +
    'terminal it is a tree that is drawn again as it changes; elsewhere a line for each step as it ' +
    'begins and ends. It goes on until you end it with Ctrl-C, or until nobody works on the session ' +
    'any more. The session is one that `clew log` shows, in full or its end; the newest unless told.',
  examples: [
    ['clew trace', 'what the newest session is at'],
    ['clew trace 7k2f9q --once', 'its tree as it is now'],
    ['clew trace --json', 'a row or card a line: see schemas/cli/trace-line.json'],
  ],
  exits: [
    [5, 'there is no such session, or more than one'],
    [130, 'ended by Ctrl-C'],
  ],
  async run(call) {
    const { io, options, words } = call;
    const held = holdRows();
    const printer = openTracePrinter(call);
    const waiting = openProgress(io);
    const early: (() => void)[] = [];
    let isBegun = false;
    let ended: (() => void) | undefined;
    const over = new Promise<0>((done) => {
      ended = () => done(0);
    });
    const closings: (() => void)[] = [];
    const hear = <N extends keyof TraceTold>(name: N, told: TraceTold[N]) => {
      take(name, told as never);
    };
    const context = openContext({
      folder: folderOf(call),
      env: io.env,
      onProgress: (entries) => waiting.tell(`indexing: ${showNumber(entries)} entries`),
      door: {
        keepsUp: () => true,
        onClose: (work) => void closings.push(work),
        notify(name, params) {
          const tell = () => hear(name as keyof TraceTold, params as never);
          if (isBegun) tell();
          else early.push(tell);
        },
      },
    });

    function take(name: string, told: NonNullable<TraceTold[keyof TraceTold]>): void {
      if ('row' in told) {
        if (held.hear(told.row)) printer.row(told.row);
      } else if ('card' in told) printer.card(told.card);
      else if ('content' in told) printer.progress(told.step, told.content);
      else if ('path' in told) printer.stale(told.path);
      else if (name === 'trace:ended') ended?.();
      else if ('seq' in told) held.reach(told.seq);
      else if ('writer' in told && !isFollowed(context, held.seq)) ended?.();
    }

    const interrupted = options['once'] === true ? undefined : io.untilInterrupted();
    try {
      const session = words[0] ?? '@last';
      const asked =
        interrupted === undefined
          ? { session }
          : await answer(context, 'trace/subscribe', { session });
      const found = await answer(context, 'trace/snapshot', {
        session: asked.session ?? session,
        ...('seq' in asked ? { seq: asked.seq } : {}),
      });
      waiting.clear();
      held.take(found.rows, found.seq);
      printer.begin(held, found.cards[0]);
      isBegun = true;
      for (const tell of early.splice(0)) tell();
      if (interrupted === undefined || !isFollowed(context, found.seq)) return 0;
      const signal = await Promise.race([interrupted, over]);
      return signal === 0 ? 0 : exits[signal];
    } finally {
      waiting.clear();
      printer.close();
      for (const work of closings) work();
      await context.close();
    }
  },
};

/** While a writer that saw it is there, more may come. */
function isFollowed(context: ReturnType<typeof openContext>, seq: TraceSeq = {}): boolean {
  const running = context.running();
  return Object.keys(seq).some((it) => running.has(it));
}
