/** How a sidecar is started, whoever starts it. */
import type { Patience } from './lifetime.ts';

export type SidecarOptions = {
  /** The agent's program and its arguments. */
  readonly command: readonly string[];
  /** Names this run to hooks that git runs behind the agent; also the name of its first journal. */
  readonly run: string;
  readonly workspace?: string | undefined;
  readonly label?: string | undefined;
  readonly lineLimitBytes: number;
  /** Copies of the user's packs instead of links to them. */
  readonly copiesBase: boolean;
  /** Checkpoints even of a home folder or a whole disk. */
  readonly guardsAny: boolean;
  /** The agent is told, before a prompt, that its repository was changed meanwhile. */
  readonly tellsAgent: boolean;
  /** The agent is told, before its first prompt, where earlier sessions left the work. */
  readonly resumes: boolean;
  /** What is done about an edit that is proven stale. */
  readonly stale: 'refuse' | 'ask' | 'warn' | 'off';
  /** The agent whose JSON is read, where it has no editor and speaks no ACP. */
  readonly prints?: string | undefined;
  readonly patience: Patience;
};
