import { createRequire } from 'node:module';
import type RocksDB from 'rocksdb-native';
import { EngineError } from '../../../core/engine-error.ts';

/** Loads the native binding on first use. Jobs without state on disk do not need it. */
export function loadBinding(): typeof RocksDB {
  try {
    return createRequire(import.meta.url)('rocksdb-native') as typeof RocksDB;
  } catch (cause) {
    const text = String(cause);
    const hint = text.includes('libatomic')
      ? 'the library libatomic1 is missing; install it (`apt-get install libatomic1`, `dnf install libatomic`) or run with `--state memory`'
      : 'run with `--state memory`, or check that the package rocksdb-native supports this platform';
    throw new EngineError('STATE_STORE', `RocksDB cannot be loaded: ${hint}`, {}, cause);
  }
}
