import { randomUUID } from 'node:crypto';
import { EngineError } from '../../core/engine-error.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Tests the guarantee that fencing needs: the store refuses the second create of a key and keeps
 * the first content. Some servers ignore the precondition and report success; there two processes
 * could both own a job. Throws CONFIG_INVALID_OPTION with the name of the store.
 */
export async function probeStore(objects: ObjectStore, newName: () => string = randomUUID): Promise<void> {
  const key = `probe/${newName()}`;
  const first = Buffer.from(newName());
  try {
    const created = (await objects.create(key, first)) || (await objects.get(key))?.equals(first) === true;
    const again = await objects.create(key, Buffer.from(newName()));
    const kept = (await objects.get(key))?.equals(first) === true;
    if (created && !again && kept) return;
    throw new EngineError(
      'CONFIG_INVALID_OPTION',
      `${objects.location} cannot hold checkpoints: its server ignores conditional writes (a second create of the same object ${again ? 'succeeded' : 'changed it'}), so it cannot keep two processes apart`,
      { location: objects.location },
    );
  } finally {
    await objects.delete(key);
  }
}
