import fs from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import zlib from 'node:zlib';
import { EngineError } from '../../core/engine-error.ts';

/** A compression that the source reads, by the extension of the file's name. */
export interface Compression {
  readonly name: string;
  /** A stream from compressed bytes to content. */
  open(): zlib.Gunzip | zlib.Inflate | zlib.ZstdDecompress;
  /** Returns the content of the first bytes of a file, as far as they contain it. */
  beginning(bytes: Buffer): Buffer;
}

const GZIP: Compression = {
  name: 'gzip',
  open: () => zlib.createGunzip(),
  beginning: (bytes) => zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH }),
};
const DEFLATE: Compression = {
  name: 'deflate',
  open: () => zlib.createInflate(),
  beginning: (bytes) => zlib.inflateSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH }),
};
const ZSTD: Compression = {
  name: 'zstd',
  open: () => zlib.createZstdDecompress(),
  beginning: (bytes) => zlib.zstdDecompressSync(bytes, { finishFlush: zlib.constants.ZSTD_e_continue }),
};

/** The extensions are those of Flink 2.3 (StandardDeCompressors), which ignores their case. */
const BY_EXTENSION: Readonly<Record<string, Compression | string>> = {
  gz: GZIP,
  gzip: GZIP,
  deflate: DEFLATE,
  zst: ZSTD,
  zstd: ZSTD,
  bz2: 'bunzip2',
  xz: 'unxz',
};

const extensionOf = (file: string): string => /\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
const entryOf = (file: string): Compression | string | undefined => {
  const extension = extensionOf(file);
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
};

/**
 * Returns the compression of a file by its name; null: none. Throws CONNECTOR_READ for a
 * compression that Flink reads and the engine does not.
 */
export function compressionOf(file: string): Compression | null {
  const found = entryOf(file);
  if (typeof found !== 'string') return found ?? null;
  throw new EngineError(
    'CONNECTOR_READ',
    `${file} is compressed in a way that is not read (.${extensionOf(file)}); decompress it first with \`${found}\`, or compress it with gzip or zstd`,
    { file },
  );
}

/** Whether the name has the extension of a compressed file. */
export const isCompressed = (file: string): boolean => entryOf(file) !== undefined;

/** Returns the name of a compressed file without the extension. */
export const uncompressedName = (file: string): string => file.slice(0, -extensionOf(file).length - 1);

/** Returns the message for an error of the stream of a compressed file. */
export function explainFailure({ name }: Compression, error: NodeJS.ErrnoException): string {
  if (error.code === 'Z_BUF_ERROR') return 'the compressed data ends too early; the file is not complete';
  if (!/^(Z|ZSTD)_/.test(error.code ?? '')) return error.message;
  return `it is not ${name} data, or it is damaged (${error.message})`;
}

/** Returns the content of an open compressed file. Destroying the stream closes the file. */
export function openCompressed(fd: number, compression: Compression): Readable {
  const bytes = fs.createReadStream('', { fd, highWaterMark: 1 << 16 });
  // An error of either stream ends the content with that error.
  return pipeline(bytes, compression.open(), () => {});
}
