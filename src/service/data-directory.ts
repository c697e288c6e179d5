import path from 'node:path';
import type { ServiceOptions, ServicePorts } from './service-options.ts';
import { onDiskWithSpace } from './store/free-space.ts';

/** Creates the data directory with its parts. Returns its path. */
export function makeDirectories(options: ServiceOptions, { disk }: ServicePorts): string {
  const directory = path.resolve(options.dataDirectory);
  for (const part of ['jobs', 'files']) disk.makeDirectory(path.join(directory, part));
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
