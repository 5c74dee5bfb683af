/** Every command, one line each. Only the one that is asked for is loaded. */
import type { Listed } from './command.ts';

export const commands: readonly Listed[] = [
  {
    name: 'acp',
    summary: 'start an agent behind clew: forward everything, and record it',
    load: () => import('./acp.ts'),
  },
  {
    name: 'exec',
    summary: 'run an agent that prints JSON, and record it',
    load: () => import('./exec.ts'),
  },
  {
    name: 'log',
    summary: 'list sessions and turns, newest first',
    load: () => import('./log.ts'),
  },
  {
    name: 'show',
    summary: 'show one session, turn or step in full',
    load: () => import('./show.ts'),
  },
  {
    name: 'context',
    summary: 'tell which versions of files a session has seen, and which are stale',
    load: () => import('./context.ts'),
  },
  {
    name: 'diff',
    summary: 'show what differs between two checkpoints, or one and now',
    load: () => import('./diff.ts'),
  },
  {
    name: 'blame',
    summary: 'show who wrote each line of a file, and how that is known',
    load: () => import('./blame.ts'),
  },
  {
    name: 'why',
    summary: 'tell where one line comes from, and how that is known',
    load: () => import('./why.ts'),
  },
  {
    name: 'export',
    summary: 'write who wrote the lines of commits, as Agent Trace records',
    load: () => import('./export.ts'),
  },
  {
    name: 'tail',
    summary: 'follow what agents do, as it happens',
    load: () => import('./tail.ts'),
  },
  {
    name: 'trace',
    summary: 'watch a session as a tree, while it goes on',
    load: () => import('./trace.ts'),
  },
  {
    name: 'undo',
    summary: 'take back what a turn, step or session did to files',
    load: () => import('./undo.ts'),
  },
  {
    name: 'checkpoint',
    summary: 'keep the workspace as it is now',
    load: () => import('./checkpoint.ts'),
  },
  {
    name: 'checkpoints',
    summary: 'list checkpoints; keep some for good, forget old ones',
    load: () => import('./checkpoints.ts'),
  },
  {
    name: 'restore',
    summary: 'go back to a checkpoint, with all files or some',
    load: () => import('./restore.ts'),
  },
  {
    name: 'status',
    summary: 'tell what is recorded here, and by whom',
    load: () => import('./status.ts'),
  },
  {
    name: 'verify',
    summary: 'check every journal file, or what is told of lines',
    load: () => import('./verify.ts'),
  },
  {
    name: 'reindex',
    summary: 'build the index anew from the journals',
    load: () => import('./reindex.ts'),
  },
  {
    name: 'hooks',
    summary: 'let git tell clew when HEAD moves, or no longer',
    load: () => import('./hooks.ts'),
  },
  {
    name: 'call',
    summary: 'ask any method, and print its answer as JSON',
    load: () => import('./call.ts'),
  },
  {
    name: 'serve',
    summary: 'answer a host over standard input and output',
    load: () => import('./serve.ts'),
  },
  {
    name: 'digest',
    summary: 'tell what came of a session, in Markdown',
    load: () => import('./digest.ts'),
  },
  {
    name: 'state',
    summary: 'tell where the work stands: what was done, and what is open',
    load: () => import('./state.ts'),
  },
  {
    name: 'doctor',
    summary: 'look whether everything that clew needs is there and works',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'drift',
    summary: 'tell whether git moved the ground under a session, and decide what then',
    load: () => import('./drift.ts'),
  },
  {
    name: 'tasks',
    summary: 'tell what there is to do here, and what comes next',
    load: () => import('./tasks.ts'),
  },
  {
    name: 'completion',
    summary: 'print completion for bash, zsh or fish',
    load: () => import('./completion.ts'),
  },
];
