import fs from 'node:fs';

/**
 * Types of file systems on disks of one machine, whose locks the kernel of that machine decides:
 * ext, XFS, Btrfs, ZFS, F2FS, bcachefs, tmpfs, ramfs, overlay. From linux/magic.h.
 */
const LOCAL = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x01021994, 0x858458f6, 0x794c7630,
]);

/**
 * Returns whether another machine may use the same directory, so that a lock of this kernel may not
 * exclude it.
 */
export function mayBeShared(directory: string): boolean {
  if (process.platform !== 'linux') return false;
  return !LOCAL.has(fs.statfsSync(directory).type);
}
