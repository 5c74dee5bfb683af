/** Where a host's trace goes: the journal of a workspace, beside what other recorders of it write. */
import type { TraceSink } from './create-trace.ts';

export type TraceSinkOptions = {
  /** Any folder inside the workspace. */
  readonly workspace: string;
  /** What people see as the name of who works there. */
  readonly label: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For the person: what went wrong beside the trace. */
  readonly warn?: (text: string) => void;
};

export type WorkspaceTraceSink = TraceSink & {
  /** Resolves when everything so far is on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Until it is closed it says by its heartbeat that it is there; what it leaves open counts as interrupted
 * after. Loaded when it is first wanted, for most hosts of this package want something else.
 */
export async function openTraceSink(options: TraceSinkOptions): Promise<WorkspaceTraceSink> {
  const { openWorkspaceSink } = await import('./open-workspace-sink.ts');
  return openWorkspaceSink(options);
}
