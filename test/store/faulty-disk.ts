/** Disks that behave as badly as real ones do: that fail at a certain call, fill up, or take only a part. */
import { type Disk, openDisk } from '../../src/store/disk.ts';

export type Fault = {
  readonly code: string;
  /** Calls of all kinds are counted from 1. */
  readonly hits: (call: number) => boolean;
};

export type FaultyDisk = Disk & { readonly calls: () => number };

export function failWith(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

export function openFaultyDisk({ hits, code }: Fault): FaultyDisk {
  const disk = openDisk();
  let calls = 0;
  const isHit = () => {
    calls += 1;
    return hits(calls);
  };
  const guard =
    <A extends unknown[], R>(call: (...given: A) => R) =>
    (...given: A): R => {
      if (isHit()) throw failWith(code);
      return call(...given);
    };
  return {
    calls: () => calls,
    create: guard(disk.create),
    // As it happens on a full disk: a part is taken, and then no more.
    write(fd, bytes, position) {
      if (!isHit()) return disk.write(fd, bytes, position);
      disk.write(fd, bytes.subarray(0, bytes.length >> 1), position);
      throw failWith(code);
    },
    truncate: guard(disk.truncate),
    async sync(fd) {
      guard(disk.syncNow)(fd);
    },
    syncNow: guard(disk.syncNow),
    syncFolder: guard(disk.syncFolder),
    isThere: disk.isThere,
    close: disk.close,
  };
}

export type SmallDisk = Disk & { room: number; refusals: number };

/** Takes as much as there is room for, short counts included, and refuses the rest. */
export function openSmallDisk(room: number): SmallDisk {
  const disk = openDisk();
  const sizes = new Map<number, number>();
  const small: SmallDisk = {
    ...disk,
    room,
    refusals: 0,
    create(path) {
      const fd = disk.create(path);
      sizes.set(fd, 0);
      return fd;
    },
    write(fd, bytes, position) {
      const size = sizes.get(fd) ?? 0;
      const taken = Math.min(bytes.length, Math.max(0, size - position) + small.room);
      if (taken === 0) {
        small.refusals += 1;
        throw failWith('ENOSPC');
      }
      const written = disk.write(fd, bytes.subarray(0, taken), position);
      const grown = Math.max(size, position + written);
      small.room -= grown - size;
      sizes.set(fd, grown);
      return written;
    },
    truncate(fd, length) {
      disk.truncate(fd, length);
      small.room += (sizes.get(fd) ?? 0) - length;
      sizes.set(fd, length);
    },
  };
  return small;
}

/** Each write takes as many bytes as the dice say, at least one. */
export function openShortDisk(dice: () => number): Disk {
  const disk = openDisk();
  return {
    ...disk,
    write: (fd, bytes, position) =>
      disk.write(fd, bytes.subarray(0, 1 + Math.floor(dice() * bytes.length)), position),
  };
}
