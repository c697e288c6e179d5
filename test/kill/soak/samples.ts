import fs from 'node:fs';
import path from 'node:path';
import type { SoakService } from './soak-service.ts';

/** The figures of the service at one time. Null: the service was not up. */
export interface Sample {
  /** Seconds since the start of the test. */
  readonly at: number;
  readonly life: number;
  readonly rssMb: number | null;
  /** The part of the RSS that no file backs. */
  readonly anonymousMb: number | null;
  /** The V8 heap of the main thread, and its memory outside the heap. */
  readonly heapMb: number | null;
  readonly externalMb: number | null;
  /** The state of all jobs in memory. */
  readonly stateMb: number | null;
  readonly descriptors: number | null;
  readonly threads: number | null;
  /** The data directory. */
  readonly diskMb: number;
  /** The longest time to an answer of /health since the last sample. */
  readonly healthMs: number | null;
  readonly followers: number;
  readonly rows: number;
  /** Processor seconds of the service in this life. */
  readonly cpuSeconds: number | null;
}

/** Clock ticks of /proc per second: always 100 on Linux. */
const TICKS = 100;

type ProcessFigures = Pick<Sample, 'rssMb' | 'anonymousMb' | 'descriptors' | 'threads' | 'cpuSeconds'>;
const NO_PROCESS: ProcessFigures = {
  rssMb: null,
  anonymousMb: null,
  descriptors: null,
  threads: null,
  cpuSeconds: null,
};

/** Reads what the kernel knows of a process. */
export function processFigures(pid: number): ProcessFigures {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
    // The name of the program, in brackets, may contain spaces.
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return {
      rssMb: megabytes('VmRSS'),
      anonymousMb: megabytes('RssAnon'),
      descriptors: fs.readdirSync(`/proc/${pid}/fd`).length,
      threads: fs.readdirSync(`/proc/${pid}/task`).length,
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS,
    };
  } catch {
    return NO_PROCESS;
  }
}

/** Returns the megabytes of V8's heap, of the memory outside it, and of state, from /metrics. */
export async function memoryFigures(service: SoakService): Promise<Pick<Sample, 'heapMb' | 'externalMb' | 'stateMb'>> {
  try {
    const { text } = await service.request('GET', '/metrics');
    const megabytes = (name: string): number =>
      [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce(
        (sum, [, bytes]) => sum + Number(bytes) / 2 ** 20,
        0,
      );
    return {
      heapMb: megabytes('sequitur_nodejs_heap_size_used_bytes'),
      externalMb: megabytes('sequitur_nodejs_external_memory_bytes'),
      stateMb: megabytes('sequitur_job_stateSize'),
    };
  } catch {
    return { heapMb: null, externalMb: null, stateMb: null };
  }
}

/** Returns the megabytes that the files of a directory take on the disk; links count once. */
export function diskMb(directory: string): number {
  const seen = new Set<number>();
  let blocks = 0;
  const visit = (place: string): void => {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(place, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      const file = path.join(place, entry.name);
      if (entry.isDirectory()) visit(file);
      const stat = fs.lstatSync(file, { throwIfNoEntry: false });
      if (stat === undefined || seen.has(stat.ino)) continue;
      seen.add(stat.ino);
      blocks += stat.blocks;
    }
  };
  visit(directory);
  return (blocks * 512) / 2 ** 20;
}
