/** Whether a folder lies on a file system that this machine itself keeps, with all its times. */
import { statfsSync } from 'node:fs';

/** ext4, xfs, btrfs, f2fs, tmpfs, overlayfs and APFS, as `statfs` numbers them. */
const known = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x01021994, 0x794c7630, 0x1a]);

/** Not so: those of a network, or of another system. Of a disk that does not tell, nothing is known. */
export function isOwnFileSystem(root: string): boolean {
  try {
    return known.has(statfsSync(root).type);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
