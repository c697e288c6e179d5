/** Declares the used part of the binding, because the package has no declarations. */
declare module 'rocksdb-native' {
  interface Options {
    readonly readOnly?: boolean;
    readonly maxBackgroundJobs?: number;
    readonly maxOpenFiles?: number;
    readonly writeBufferSize?: number;
    readonly maxWriteBufferNumber?: number;
    readonly blockCache?: boolean;
    readonly tableBlockSize?: number;
    readonly tableCacheIndexAndFilterBlocks?: boolean;
    readonly optimizeFiltersForMemory?: boolean;
    readonly avoidFlushDuringShutdown?: boolean;
    readonly skipStatsUpdateOnOpen?: boolean;
    readonly filterPolicy?: unknown;
  }
  interface WriteBatch {
    tryPut(key: Uint8Array, value: Uint8Array): void;
    tryDelete(key: Uint8Array): void;
    tryDeleteRange(from: Uint8Array, to: Uint8Array): void;
    flush(): Promise<void>;
    destroy(): void;
  }
  interface ReadBatch {
    get(key: Uint8Array): Promise<Uint8Array | null>;
    flush(): Promise<void>;
    destroy(): void;
  }
  interface Range {
    readonly gte?: Uint8Array;
    readonly lt?: Uint8Array;
  }
  class RocksDB {
    constructor(path: string, options?: Options);
    ready(): Promise<void>;
    read(options?: { capacity?: number }): ReadBatch;
    write(options?: { capacity?: number }): WriteBatch;
    flush(): Promise<void>;
    iterator(range: Range, options?: { capacity?: number }): AsyncIterable<{ key: Buffer; value: Buffer }>;
    getProperty(name: string): Promise<string | null>;
    close(options?: { force?: boolean }): Promise<void>;
    static readonly BloomFilterPolicy: new (
      bitsPerKey: number,
    ) => unknown;
  }
  export = RocksDB;
}
