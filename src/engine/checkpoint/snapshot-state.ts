import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';
import type { StateSnapshot } from './state-files.ts';

/**
 * Writes the sealed state to local files. The files do not change before the next barrier.
 * `makeDirectory` returns an empty directory; it is called only if the state is in a back end.
 */
export async function snapshotState(
  store: CachedStateStore,
  epoch: number,
  makeDirectory: () => Promise<string>,
): Promise<StateSnapshot> {
  const { log } = store;
  try {
    if (log !== null) {
      await store.writeSealed();
      return { directory: null, files: log.files };
    }
    await store.writeSealed().catch((cause: unknown) => {
      if (cause instanceof EngineError) throw cause;
      throw new EngineError('STATE_STORE', `state cannot be written: ${String(cause)}`, { epoch }, cause);
    });
    const directory = await makeDirectory();
    const names = await store.backend.snapshotTo(directory);
    return { directory, files: names.map((name) => ({ name, path: path.join(directory, name) })) };
  } finally {
    store.unseal();
  }
}
