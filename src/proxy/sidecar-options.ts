/** How a sidecar is started, whoever starts it. */
import type { RunOptions } from '../wire/notes.ts';
import type { Patience } from './lifetime.ts';

export type SidecarOptions = RunOptions & { readonly patience: Patience };
