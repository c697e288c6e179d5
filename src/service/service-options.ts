import path from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { systemDisk } from '../core/disk.ts';
import { type JobLock, ProcessLock } from '../storage/local/process-lock.ts';
import { CompilePool, type Compiler } from './compile/compile-pool.ts';
import { type FleetPorts, systemPorts } from './job-fleet.ts';
import { type WatchFolder, watchFolder } from './patterns/folder-watcher.ts';
import { type PatternFiles, systemPatternFiles } from './patterns/pattern-files.ts';
import type { ServiceLog } from './service-log.ts';
import { CopyFiles } from './store/copy-files.ts';
import { ServiceStore } from './store/service-store.ts';
import { type StoreDirectory, storeDirectory } from './store/store-directory.ts';

export interface ServiceOptions {
  readonly dataDirectory: string;
  /** Watched folder of pattern files; null: none. */
  readonly patterns: string | null;
  readonly demo: boolean;
  /** Settings from flags, which override SET. `state.memory` applies to the process. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings from the configuration file and the environment, which SET overrides. */
  readonly defaults?: Readonly<Record<string, string>>;
  /**
   * SQL over HTTP may read and write below these directories; default: `<data directory>/files` and
   * `./data`.
   */
  readonly roots?: readonly string[];
  readonly batchRows: number;
  readonly log: ServiceLog;
  readonly random: () => number;
  readonly clock?: Clock;
  /** Writes the text of `print` sinks. */
  readonly print: (text: string) => void;
  /** The parts of the service that a simulation replaces. */
  readonly ports?: Partial<ServicePorts>;
  /** Called with the number of rows that a job wrote. */
  readonly onRows?: (job: string, written: number) => void;
}

export interface ServicePorts extends FleetPorts {
  readonly lock: JobLock;
  readonly openStore: (directory: string) => ServiceStore;
  /** The same store, as its copy beside the checkpoints sees it. */
  readonly storeDirectory: (directory: string) => StoreDirectory;
  readonly copyFiles: (directory: string) => CopyFiles;
  readonly compiler: Compiler;
  readonly patternFiles: PatternFiles;
  readonly watchFolder: WatchFolder;
}

/** Returns the ports of the options. Those that are absent are the real ones. */
export function portsOf({ ports = {}, clock = systemClock, log, dataDirectory }: ServiceOptions): ServicePorts {
  return {
    ...systemPorts(clock),
    lock: ports.lock ?? new ProcessLock(path.join(path.resolve(dataDirectory), 'lock')),
    openStore: (directory) => ServiceStore.open(directory, log),
    storeDirectory: (directory) => storeDirectory(directory, log),
    copyFiles: (directory) => new CopyFiles(directory, ports.disk ?? systemDisk),
    compiler: ports.compiler ?? new CompilePool(),
    patternFiles: systemPatternFiles,
    watchFolder,
    ...ports,
  };
}
