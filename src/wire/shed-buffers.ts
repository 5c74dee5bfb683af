/** Lets go of read buffers soon. */

/** A slot is eight bytes: a quarter of what was read. */
const bytesPerSlotLog2 = 5;
/** Held, so that no compiler finds out that nobody looks at them. */
const garbage: { slots: undefined[] } = { slots: [] };

/**
 * Each read from a pipe has a buffer of 64 KiB of its own outside of V8's heap, and V8 sweeps when its nursery is
 * full, to which a forwarded chunk adds next to nothing: some thirty megabytes of dead buffers came together. So
 * the nursery is filled in step with what is read, at a microsecond or two for each.
 */
export function shedBuffers(readBytes: number): void {
  garbage.slots = new Array(readBytes >> bytesPerSlotLog2);
}
