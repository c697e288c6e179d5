import fs from 'node:fs';

/** One record of `recorder.c`, which describes the format. Paths are absolute. */
export type DiskRecord =
  | { readonly kind: 'created' | 'made'; readonly inode: number; readonly path: string }
  | { readonly kind: 'written'; readonly inode: number; readonly from: number; readonly bytes: Buffer }
  | { readonly kind: 'resized'; readonly inode: number; readonly size: number }
  | { readonly kind: 'renamed' | 'linked'; readonly path: string; readonly to: string }
  | { readonly kind: 'removed'; readonly path: string }
  | { readonly kind: 'sync-began'; readonly number: number; readonly inode: number }
  | { readonly kind: 'sync-ended'; readonly number: number };

const HEADER = 32;
const KINDS = [
  'created',
  'made',
  'written',
  'resized',
  'renamed',
  'linked',
  'removed',
  'sync-began',
  'sync-ended',
] as const;

/** Reads the records of a process, in the order in which they took effect. */
export function readRecords(file: string): readonly DiskRecord[] {
  const all = fs.readFileSync(file);
  const found: DiskRecord[] = [];
  // A record that is cut off at the end of the file has not happened.
  for (let at = 0; at + HEADER <= all.length; ) {
    const kind = KINDS[Number(all.readBigUInt64LE(at)) - 1]!;
    const first = Number(all.readBigUInt64LE(at + 8));
    const second = Number(all.readBigUInt64LE(at + 16));
    const length = all.readUInt32LE(at + 24);
    const length2 = all.readUInt32LE(at + 28);
    const bytes = all.subarray(at + HEADER, at + HEADER + length);
    const bytes2 = all.subarray(at + HEADER + length, at + HEADER + length + length2);
    at += HEADER + length + length2;
    if (at > all.length) break;
    found.push(recordOf(kind, first, second, bytes, bytes2));
  }
  return found;
}

function recordOf(
  kind: (typeof KINDS)[number],
  first: number,
  second: number,
  bytes: Buffer,
  bytes2: Buffer,
): DiskRecord {
  switch (kind) {
    case 'created':
    case 'made':
      return { kind, inode: first, path: bytes.toString() };
    case 'written':
      return { kind, inode: first, from: second, bytes };
    case 'resized':
      return { kind, inode: first, size: second };
    case 'renamed':
    case 'linked':
      return { kind, path: bytes.toString(), to: bytes2.toString() };
    case 'removed':
      return { kind, path: bytes.toString() };
    case 'sync-began':
      return { kind, number: first, inode: second };
    case 'sync-ended':
      return { kind, number: first };
  }
}
