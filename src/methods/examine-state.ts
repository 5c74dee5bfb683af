/** Whether the state folder is there, may be written, and has room. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DoctorCheck } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { WorkspaceFolder } from '../store/state-folder.ts';
import { checkGuardable } from '../workspace/check-guardable.ts';
import type { Context } from './context.ts';
import { examineJournals } from './examine-journals.ts';

type Result = DoctorCheck['result'];
type Finding = Result['findings'][number];

const littleBytes = 200 << 20;

export async function examineState(context: Context): Promise<{
  readonly state: Result['state'];
  readonly findings: readonly Finding[];
}> {
  const folder = findFolder(context);
  const path = folder?.path ?? context.home;
  const freeBytes = measureFree(path);
  const findings: Finding[] = [
    examineWriting(path),
    ...(freeBytes !== undefined && freeBytes < littleBytes
      ? [{ level: 'odd', about: 'state', text: 'there is little room left on that disk' } as const]
      : []),
    ...(folder === undefined ? [] : await examineJournals(folder)),
    ...examineGuard(context),
  ];
  return {
    state: {
      path,
      recorded: folder !== undefined,
      ...(freeBytes === undefined ? {} : { freeBytes }),
    },
    findings,
  };
}

function findFolder(context: Context): WorkspaceFolder | undefined {
  try {
    return context.findFolder();
  } catch (error) {
    // That it is of a newer clew, or somebody else's, is said where it is used.
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function examineWriting(path: string): Finding {
  try {
    accessSync(existing(path), constants.R_OK | constants.W_OK | constants.X_OK);
    return { level: 'fine', about: 'state', text: `state lies in ${path}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const text = `nothing can be written to ${path} (${code})`;
    const hint = 'look who owns it, or set CLEW_HOME to another folder';
    return { level: 'bad', about: 'state', text, hint };
  }
}

function measureFree(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(existing(path));
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** What is not there yet is made there. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

function examineGuard({ workspace, env }: Context): Finding[] {
  try {
    const homes = [env['HOME'] ?? '', env['USERPROFILE'] ?? ''].filter((it) => it !== '');
    checkGuardable(workspace.root, { homes, isForced: env['CLEW_ANY_FOLDER'] === '1' });
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [
      {
        level: 'odd',
        about: 'recording',
        text: error.message,
        ...(error.hint && { hint: error.hint }),
      },
    ];
  }
}
