/** Which workspace a folder belongs to, which one the person named, and which session an agent goes on with there. */
import { accessSync, constants } from 'node:fs';
import { Failure } from '../errors.ts';
import { findWorkspaceFolder, openStateHome } from '../store/state-folder.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import { describeTrouble } from './open-voice.ts';

export type PlacesPorts = {
  /** As the person named it. */
  readonly folder: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Undefined without an index. */
  readonly known: { find(index: string, agentSession: string): string | undefined } | undefined;
  say(text: string): void;
};

export type Places = {
  /** The workspace of everything, if the person named one that there is. */
  readonly named: string | undefined;
  rootOf(folder: string): string;
  /** clew's id of a session that was recorded before. */
  knownSession(agentSession: string, cwd: string | undefined): string | undefined;
};

export function openPlaces({ folder, env, known, say }: PlacesPorts): Places {
  const named = folder === undefined ? undefined : openNamed(folder);

  function openNamed(path: string): string | undefined {
    let root: string | undefined;
    try {
      root = locateWorkspace(path).root;
      accessSync(root, constants.R_OK | constants.X_OK);
      return root;
    } catch (error) {
      if (root !== undefined && !(error instanceof Failure)) {
        say(`the workspace ${root} cannot be read: only the conversation is recorded`);
        return root;
      }
      say(`${describeTrouble(error)}; recording where the sessions work instead`);
      return undefined;
    }
  }

  return {
    named,
    rootOf,
    knownSession(agentSession, cwd) {
      const workspace = named ?? rootOf(cwd ?? process.cwd());
      try {
        const found = findWorkspaceFolder({ home: openStateHome(env), workspace });
        return found && known?.find(found.index, agentSession);
      } catch (error) {
        // Said already where the desk was opened, or is said there next.
        if (error instanceof Failure) return undefined;
        throw error;
      }
    },
  };
}

/** A folder that is not there, on another machine perhaps, is recorded where the editor started us. */
function rootOf(folder: string): string {
  try {
    return locateWorkspace(folder).root;
  } catch (error) {
    if (error instanceof Failure) return process.cwd();
    throw error;
  }
}
