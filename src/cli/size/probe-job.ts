import path from 'node:path';
import { environmentVariables } from '../../config/option-references.ts';
import { tableEndpoints } from '../../connectors/connector-registry.ts';
import { systemClock } from '../../core/clock.ts';
import type { EndpointFactory } from '../../engine/endpoints.ts';
import { Job } from '../../engine/job/job.ts';
import type { Plan } from '../../plan/plan.ts';
import { LocalStorage } from '../../storage/local/local-storage.ts';
import type { Probe } from './estimate.ts';

const SAMPLE_MS = 50;
const CHECKPOINT_MS = 2000;

interface Sample {
  readonly rows: number;
  readonly stateBytes: number;
  readonly watermark: number | null;
}

export interface ProbeOptions {
  readonly plan: Plan;
  /** Base directory of relative paths. */
  readonly baseDirectory: string;
  readonly temporary: string;
  readonly batchRows: number;
  readonly memoryBytes: number;
  readonly backend: 'rocksdb' | 'memory';
  readonly seconds: number;
  readonly onSample: (rows: number) => void;
}

/**
 * Runs a job at full speed with its sources and with checkpoints. Its output goes into temporary
 * files. Null: the input has no rows.
 */
export async function probeJob(options: ProbeOptions): Promise<Probe | null> {
  const { plan, temporary, batchRows, memoryBytes, backend, seconds } = options;
  const directory = path.join(temporary, plan.name);
  const job = await Job.open({
    plan,
    endpoints: withoutOutput(options, directory),
    batchRows,
    state: { backend, memoryBytes, directory: path.join(directory, 'state') },
    checkpoints: {
      storage: new LocalStorage(path.join(directory, 'checkpoints')),
      intervalMs: CHECKPOINT_MS,
      retained: 1,
      restore: 'fresh',
    },
  });
  const samples: Sample[] = [];
  const cpu = process.cpuUsage();
  const since = systemClock.monotonicMs();
  let ended = false;
  const running = job.run().finally(() => {
    ended = true;
  });
  running.catch(() => {});
  while (!ended && systemClock.monotonicMs() - since < seconds * 1000) {
    await systemClock.sleep(SAMPLE_MS);
    if (ended) break;
    samples.push(sampleOf(job));
    options.onSample(samples.at(-1)!.rows);
  }
  job.stop();
  await running;
  const ms = systemClock.monotonicMs() - since;
  const { user, system } = process.cpuUsage(cpu);
  const rows = job.metrics().rowsIn;
  if (rows === 0) return null;
  return { ...stateOf(samples, rows), job: plan.name, rows, ms, cpuMs: (user + system) / 1000, ...checkpointOf(job) };
}

function sampleOf(job: Job): Sample {
  const { rowsIn, memory, watermark, checkpoints } = job.metrics();
  // Only checkpoints have the size of evicted state.
  const onDisk = job.store.evictedEntries > 0 ? (checkpoints?.lastSizeBytes ?? 0) : 0;
  return { rows: rowsIn, stateBytes: Math.max(memory.entryBytes, onDisk), watermark };
}

function stateOf(
  samples: readonly Sample[],
  rows: number,
): Pick<Probe, 'stateFirstHalf' | 'stateSecondHalf' | 'eventMs'> {
  const most = (part: readonly Sample[]): number => Math.max(0, ...part.map((s) => s.stateBytes));
  const half = samples.findIndex((s) => s.rows >= rows / 2);
  const marks = samples.flatMap(({ watermark }) => (watermark === null ? [] : [watermark]));
  const first = marks[0];
  const last = marks.at(-1);
  const span = first === undefined || last === undefined || last <= first ? null : last - first;
  const spanRows =
    (samples.findLast((s) => s.watermark === last)?.rows ?? 0) -
    (samples.find((s) => s.watermark === first)?.rows ?? 0);
  return {
    stateFirstHalf: most(samples.slice(0, Math.max(0, half))),
    stateSecondHalf: most(samples.slice(Math.max(0, half))),
    // The span of the samples, extrapolated to all rows.
    eventMs: span === null || spanRows <= 0 ? null : (span * rows) / spanRows,
  };
}

function checkpointOf(job: Job): Pick<Probe, 'checkpointBytes' | 'entries'> {
  const { checkpoints, stateEntries } = job.metrics();
  return { checkpointBytes: checkpoints?.lastSizeBytes ?? 0, entries: stateEntries };
}

/**
 * Replaces the sinks. File sinks write to another place, because the encoding of rows is part of
 * the cost. `blackhole` replaces the other sinks.
 */
function withoutOutput({ baseDirectory }: ProbeOptions, directory: string): EndpointFactory {
  return tableEndpoints({ baseDirectory, environment: environmentVariables(false) }, (tables) => ({
    sink: (node) => {
      const writesFiles = node.options['connector'] === 'filesystem';
      const elsewhere = { ...node.options, path: path.join(directory, `out-${node.table}`) };
      return tables.sink({ ...node, options: writesFiles ? elsewhere : { connector: 'blackhole' } });
    },
  }));
}
