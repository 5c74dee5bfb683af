/** What a thread that waits and the thread that syncs for it say to each other. */

/** The answer: why files did not come to the disk, by the system's codes. */
export type SyncAnswer = readonly string[];

export type SyncOrder = { readonly fds: readonly number[] };

/** Places in the array that both threads see. */
export const pulse = { answered: 0, beat: 1, length: 2 } as const;
