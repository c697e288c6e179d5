import path from 'node:path';
import { makeDurableDirectory } from '../core/durable-file.ts';
import type { ServiceOptions, ServicePorts } from './service-options.ts';
import { onDiskWithSpace } from './store/free-space.ts';

/**
 * Creates the data directory with its parts, and makes their names durable. Otherwise a loss of
 * power could take the whole directory, and with it every acknowledged statement. Returns its path.
 */
export function makeDirectories(options: ServiceOptions, { disk }: ServicePorts): string {
  const directory = path.resolve(options.dataDirectory);
  for (const part of ['jobs', 'files']) makeDurableDirectory(path.join(directory, part), disk);
  return directory;
}

/** Takes the lock of the data directory. Throws JOB_LOCKED if another service has it. */
export function takeDirectory(directory: string, { disk, lock }: ServicePorts): void {
  onDiskWithSpace(directory, () => lock.acquire(`the data directory ${directory}`));
  try {
    disk.removeNow(path.join(directory, 'tmp'));
    onDiskWithSpace(directory, () => disk.makeDirectory(path.join(directory, 'tmp')));
  } catch (error) {
    lock.release();
    throw error;
  }
}
