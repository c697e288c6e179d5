import { Counter, Gauge, Registry } from 'prom-client';
import type { OperatorMetrics } from '../engine/task/task-metrics.ts';
import type { JobSummary, ServiceApi } from '../service/service-api.ts';

/**
 * Returns the current metrics of the service. Uses Flink's metric name where Flink has the metric
 * (`sequitur_job_numRecordsIn` for numRecordsIn). Each scrape builds a new registry, so that a
 * deleted job leaves no series.
 */
export function jobMetrics(service: ServiceApi, now: number): Registry {
  const registry = new Registry();
  const job = new Series(registry, 'sequitur_job_', ['job']);
  const memory = new Series(registry, 'sequitur_job_', ['job', 'part']);
  const operator = new Series(registry, 'sequitur_operator_', ['job', 'operator']);
  const part = new Series(registry, 'sequitur_operator_', ['job', 'operator', 'part']);
  for (const summary of service.jobs()) {
    const labels = { job: summary.id };
    job.count('numRecordsIn', 'Rows read from the sources.', labels, summary.rowsIn);
    job.count('numRecordsOut', 'Rows written to the sinks.', labels, summary.rowsOut);
    job.count('numLateRecordsDropped', 'Rows dropped because they came after the watermark.', labels, summary.lateRows);
    job.count('numMalformedRecords', 'Input rows that could not be read.', labels, summary.malformedRows);
    job.count('numRestarts', 'Restarts after a failure.', labels, summary.restarts);
    job.level(
      'uptime',
      'Milliseconds since the job was started; -1 when it does not run.',
      labels,
      uptime(summary, now),
    );
    job.level('stateSize', 'Bytes of state.', labels, summary.stateBytes);
    if (summary.watermark !== null) {
      job.level('currentOutputWatermark', 'Lowest watermark of the sources, milliseconds.', labels, summary.watermark);
    }
    const metrics = service.job(summary.id)?.metrics ?? null;
    for (const each of metrics?.operators ?? []) operatorMetrics(operator, part, summary.id, each);
    for (const [what, bytes] of Object.entries(metrics?.memory ?? {})) {
      memory.level('memory', 'Bytes of memory for state, by what they are for.', { ...labels, part: what }, bytes);
    }
    const checkpoints = metrics?.checkpoints ?? null;
    if (checkpoints === null) continue;
    job.count('numberOfCompletedCheckpoints', 'Checkpoints that are durable.', labels, checkpoints.completed);
    job.count('numberOfFailedCheckpoints', 'Checkpoints that failed.', labels, checkpoints.failed);
    job.count('numberOfScrubbedCheckpoints', 'Checkpoints that were read back.', labels, checkpoints.scrubbed);
    job.count('numberOfDamagedCheckpoints', 'Those of them that were damaged.', labels, checkpoints.damaged);
    if (checkpoints.completed === 0) continue;
    job.level('lastCheckpointDuration', 'Milliseconds from barrier to manifest.', labels, checkpoints.lastDurationMs);
    job.level('lastCheckpointSize', 'Bytes of the last checkpoint.', labels, checkpoints.lastNewBytes);
    job.level('lastCheckpointFullSize', 'Bytes that it refers to.', labels, checkpoints.lastSizeBytes);
  }
  serviceMetrics(registry, service);
  return registry;
}

function uptime(job: JobSummary, now: number): number {
  return job.startedAt === null || job.endedAt !== null || job.state !== 'RUNNING' ? -1 : now - job.startedAt;
}

/** Counters that have another name in Flink. */
const FLINK_NAMES: Readonly<Record<string, string>> = {
  rowsIn: 'numRecordsIn',
  rowsOut: 'numRecordsOut',
  lateRows: 'numLateRecordsDropped',
};

function operatorMetrics(series: Series, parts: Series, job: string, metrics: OperatorMetrics): void {
  for (const [key, value] of Object.entries(metrics)) {
    if (typeof value === 'string' || !/^[a-zA-Z][a-zA-Z0-9]*$/.test(key)) continue;
    const labels = { job, operator: metrics.name };
    if (typeof value === 'object') {
      for (const [part, count] of Object.entries(value))
        parts.level(key, `${key} of the operator.`, { ...labels, part }, count);
      continue;
    }
    series.level(Object.hasOwn(FLINK_NAMES, key) ? FLINK_NAMES[key]! : key, `${key} of the operator.`, labels, value);
  }
}

function serviceMetrics(registry: Registry, service: ServiceApi): void {
  const health = service.health();
  const whole = new Series(registry, 'sequitur_service_', []);
  whole.level('uptime', 'Milliseconds since the service was started.', {}, health.uptimeMs);
  whole.level(
    'memoryBudget',
    'Bytes that the state of all jobs may take (state.memory).',
    {},
    health.memory.budgetBytes,
  );
  whole.level('brokenPatterns', 'Pattern files with mistakes.', {}, health.brokenPatterns.length);
  whole.level('problems', 'Problems of the service itself, see /health.', {}, health.problems.length);
  const states = new Series(registry, 'sequitur_service_', ['state']);
  for (const [state, jobs] of Object.entries(health.jobs)) states.level('jobs', 'Jobs in each state.', { state }, jobs);
}

/** Metrics that share a prefix and label names. Each metric is created at its first use. */
class Series {
  readonly #registry: Registry;
  readonly #prefix: string;
  readonly #labels: readonly string[];
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();

  constructor(registry: Registry, prefix: string, labels: readonly string[]) {
    this.#registry = registry;
    this.#prefix = prefix;
    this.#labels = labels;
  }

  /** Adds a counter: a number that only grows while the service runs. */
  count(name: string, help: string, labels: Record<string, string>, value: number): void {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = new Counter(this.#options(name, help));
      this.#counters.set(name, counter);
    }
    counter.inc(labels, value);
  }

  level(name: string, help: string, labels: Record<string, string>, value: number): void {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = new Gauge(this.#options(name, help));
      this.#gauges.set(name, gauge);
    }
    gauge.set(labels, value);
  }

  #options(name: string, help: string) {
    return { name: this.#prefix + name, help, labelNames: [...this.#labels], registers: [this.#registry] };
  }
}
