/**
 * Returns the set of SST files that a RocksDB MANIFEST names. The binding has no checkpoint call.
 * Links to all files in the directory would include files that a compaction is still writing.
 * Therefore the copy of the MANIFEST in a checkpoint determines its files.
 *
 * Format (RocksDB source, log_format.h and version_edit.h): blocks of 32 KiB; records of crc32c
 * u32, length u16, type u8 (1 full, 2 first, 3 middle, 4 last), little-endian; the payload is a
 * list of tagged fields. Reading stops at the first incomplete record, as RocksDB's own recovery
 * does.
 */
export function liveFiles(manifest: Buffer): ReadonlySet<number> {
  const live = new Set<number>();
  for (const record of records(manifest)) applyEdit(record, live);
  return live;
}

const BLOCK = 32768;

function* records(log: Buffer): Iterable<Buffer> {
  let parts: Buffer[] = [];
  let at = 0;
  while (at + 7 <= log.length) {
    const left = BLOCK - (at % BLOCK);
    if (left < 7) {
      at += left;
      continue;
    }
    const length = log.readUInt16LE(at + 4);
    const type = log[at + 6]!;
    if (type === 0 || at + 7 + length > log.length) return;
    const payload = log.subarray(at + 7, at + 7 + length);
    at += 7 + length;
    if (type === 1) yield payload;
    else if (type === 2) parts = [payload];
    else {
      parts.push(payload);
      if (type === 4) yield Buffer.concat(parts);
    }
  }
}

/** Tags of VersionEdit. Their length allows a reader to skip unknown tags with bit 13. */
const TAG = {
  comparator: 1,
  logNumber: 2,
  nextFileNumber: 3,
  lastSequence: 4,
  compactCursor: 5,
  deletedFile: 6,
  prevLogNumber: 9,
  minLogNumberToKeep: 10,
  newFile2: 100,
  newFile3: 102,
  newFile4: 103,
  columnFamily: 200,
  columnFamilyAdd: 201,
  columnFamilyDrop: 202,
  maxColumnFamily: 203,
  inAtomicGroup: 300,
} as const;
const SAFE_IGNORE = 1 << 13;

function applyEdit(edit: Buffer, live: Set<number>): void {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const b = edit[at++];
      if (b === undefined) throw new Error('truncated record in a RocksDB MANIFEST');
      value += (b & 127) * scale;
      if (b < 128) return value;
      scale *= 128;
    }
  };
  const skipText = (): void => {
    const length = varint();
    at += length;
  };
  while (at < edit.length) {
    const tag = varint();
    switch (tag) {
      case TAG.logNumber:
      case TAG.nextFileNumber:
      case TAG.lastSequence:
      case TAG.prevLogNumber:
      case TAG.minLogNumberToKeep:
      case TAG.columnFamily:
      case TAG.maxColumnFamily:
      case TAG.inAtomicGroup:
        varint();
        break;
      case TAG.comparator:
      case TAG.columnFamilyAdd:
        skipText();
        break;
      case TAG.columnFamilyDrop:
        break;
      case TAG.compactCursor:
        varint();
        skipText();
        break;
      case TAG.deletedFile:
        varint();
        live.delete(varint());
        break;
      case TAG.newFile2:
      case TAG.newFile3:
      case TAG.newFile4: {
        varint();
        const file = varint();
        if (tag === TAG.newFile3) varint();
        varint();
        skipText();
        skipText();
        varint();
        varint();
        if (tag === TAG.newFile4) for (let custom = varint(); custom !== 1; custom = varint()) skipText();
        live.add(file);
        break;
      }
      default:
        if ((tag & SAFE_IGNORE) === 0) throw new Error(`unknown tag ${tag} in a RocksDB MANIFEST`);
        skipText();
    }
  }
}
