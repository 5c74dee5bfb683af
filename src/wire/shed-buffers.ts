/** Lets go of read buffers soon. */

/** A slot is eight bytes: half of what was read. */
const bytesPerSlotLog2 = 4;
const nothing: undefined[] = [];
/** So that no compiler finds out that nobody looks at it. */
const garbage = { slots: nothing };

/**
 * Each read from a pipe has a buffer of 64 KiB of its own outside of V8's heap, and V8 sweeps when its nursery is
 * full, to which a forwarded chunk adds next to nothing: some thirty megabytes of dead buffers came together. So
 * the nursery is filled in step with what is read, at a microsecond or two for each.
 */
export function shedBuffers(readBytes: number): void {
  garbage.slots = new Array(readBytes >> bytesPerSlotLog2);
  // Held on to, it would survive each sweep, and what survives lets the nursery grow.
  garbage.slots = nothing;
}
