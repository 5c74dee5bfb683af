/** How a sidecar is started, whoever starts it. */
import type { Patience } from './lifetime.ts';

export type SidecarOptions = {
  /** The agent's program and its arguments. */
  readonly command: readonly string[];
  readonly workspace?: string | undefined;
  readonly label?: string | undefined;
  readonly lineLimitBytes: number;
  /** Copies of the user's packs instead of links to them. */
  readonly copiesBase: boolean;
  readonly patience: Patience;
};
