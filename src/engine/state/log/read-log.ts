import type { Disk } from '../../../core/disk.ts';
import { ByteReader } from '../byte-codec.ts';
import type { StateBackend, StateWrite } from '../state-backend.ts';
import { BLOCK, readColumnsBlock } from './log-block.ts';

/**
 * Writes the content of state log files, in their order, to a back end. The content was verified
 * when the files were fetched.
 */
export async function applyStateLog(files: readonly string[], backend: StateBackend, disk: Disk): Promise<void> {
  for (const file of files) for await (const block of blocks(file, disk)) await applyBlock(block, backend);
}

async function* blocks(file: string, disk: Disk): AsyncIterable<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  let wanted = 4;
  for await (const piece of disk.pieces(file)) {
    pieces.push(Buffer.from(piece));
    length += piece.length;
    // Join the pieces only when the next block is complete. Otherwise each piece would copy a large
    // block again.
    if (length < wanted) continue;
    let rest = Buffer.concat(pieces);
    for (;;) {
      wanted = rest.length < 4 ? 4 : 4 + rest.readUInt32BE(0);
      if (rest.length < wanted) break;
      yield rest.subarray(4, wanted);
      rest = rest.subarray(wanted);
    }
    pieces = [rest];
    length = rest.length;
  }
}

async function applyBlock(block: Buffer, backend: StateBackend): Promise<void> {
  const reader = new ByteReader(block);
  const kind = reader.byte();
  if (kind === BLOCK.range) {
    const from = reader.bytes();
    return backend.deleteRange(from, reader.bytes());
  }
  return backend.write(kind === BLOCK.columns ? readColumnsBlock(reader) : readEntries(reader));
}

function readEntries(reader: ByteReader): StateWrite[] {
  return Array.from({ length: reader.u32() }, () => {
    const key = reader.bytes();
    return { key, value: reader.byte() === 0 ? null : reader.bytes() };
  });
}
