import { EngineError } from '../../src/core/engine-error.ts';
import type { JobLog } from '../../src/service/job-logs.ts';
import type { OpenMatchesJson } from '../../src/service/match-explanation/open-matches-json.ts';
import { type RecentRowQuery, selectRows } from '../../src/service/recent-row-query.ts';
import type { SavepointRequest, SavepointStatus } from '../../src/service/savepoint-status.ts';
import type {
  Health,
  JobDetail,
  JobSummary,
  PatternStatus,
  RecentRow,
  RecentRowList,
  ResultEvent,
  ServiceApi,
  SubmissionRecord,
  SubmitResult,
} from '../../src/service/service-api.ts';
import type { OpenMatchesQuestion } from '../../src/service/worker/open-matches-question.ts';

/**
 * A service of plain data for tests of the HTTP layer. It returns the data it was given, and
 * records its calls.
 */
export class FakeService implements ServiceApi {
  readonly list: JobDetail[] = [];
  readonly rows: RecentRow[] = [];
  readonly patternList: PatternStatus[] = [];
  readonly asked: string[] = [];
  readonly listeners = new Map<string, Set<(event: ResultEvent) => void>>();
  answer: SubmitResult | Error = { statements: [], warnings: [] };

  async submit(sql: string, options: { readonly settings?: Readonly<Record<string, string>> }): Promise<SubmitResult> {
    this.asked.push(`submit ${sql} ${JSON.stringify(options)}`);
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }

  jobs(): readonly JobSummary[] {
    return this.list.map(({ plan: _plan, explain: _explain, metrics: _metrics, failures: _failures, ...job }) => job);
  }

  job(id: string): JobDetail | undefined {
    return this.list.find((job) => job.id === id);
  }

  jobLog(id: string): JobLog {
    return { entries: [{ at: 1_000, level: 'info', message: `state of ${id}` }], dropped: 2 };
  }

  async openMatches(id: string, { pattern, key }: OpenMatchesQuestion): Promise<OpenMatchesJson> {
    this.asked.push(`open-matches ${id} ${pattern} ${JSON.stringify(key)}`);
    const row = { variable: 'A', time: '2026-01-01 10:00:00', row: { id: 1 } };
    return {
      pattern: 'alerts.match',
      key: { card: key[0] ?? '' },
      watermark: '2026-01-01 10:00:01',
      open: [{ rows: [row], waitsFor: ['B'], until: '2026-01-01 10:01:00' }],
      heldBack: [],
      more: 0,
    };
  }

  async stopJob(id: string): Promise<JobSummary> {
    this.asked.push(`stop ${id}`);
    return this.#known(id);
  }

  async startJob(id: string, savepoint?: string): Promise<JobSummary> {
    this.asked.push(`start ${id}${savepoint === undefined ? '' : ` from ${savepoint}`}`);
    return this.#known(id);
  }

  async takeSavepoint(id: string, request: SavepointRequest): Promise<SavepointStatus> {
    this.asked.push(`savepoint ${id} ${JSON.stringify(request)}`);
    return { ...SAVEPOINT, name: request.name ?? 's1', state: 'IN_PROGRESS', checkpoint: null, path: null };
  }

  async savepoints(_id: string): Promise<readonly SavepointStatus[]> {
    return [SAVEPOINT];
  }

  async savepoint(_id: string, name: string): Promise<SavepointStatus> {
    if (name !== SAVEPOINT.name) throw new EngineError('CHECKPOINT_NOT_FOUND', `no savepoint ${name}`);
    return SAVEPOINT;
  }

  async deleteSavepoint(id: string, name: string): Promise<void> {
    this.asked.push(`delete savepoint ${id} ${name}`);
  }

  async deleteJob(id: string): Promise<void> {
    this.asked.push(`delete ${id}`);
    this.list.splice(this.list.indexOf(this.#known(id)), 1);
  }

  follow(id: string, listener: (event: ResultEvent) => void): (() => void) | undefined {
    if (this.job(id) === undefined) return undefined;
    const listeners = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit(id: string, event: ResultEvent): void {
    for (const listener of this.listeners.get(id) ?? []) listener(event);
  }

  patterns(): readonly PatternStatus[] {
    return this.patternList;
  }

  submissions(): readonly SubmissionRecord[] {
    return [{ number: 1, at: 1_700_000_000_000, statements: ['create table t', 'job a'] }];
  }

  recentRows(query: RecentRowQuery): RecentRowList {
    const sinks = Map.groupBy(this.rows, ({ job, sink }) => JSON.stringify([job, sink]));
    return { latest: this.rows.at(-1)?.sequence ?? 0, rows: selectRows([...sinks.values()], query) };
  }

  health(): Health {
    const jobs = { CREATED: 0, RUNNING: 0, RESTARTING: 0, SUSPENDED: 0, FINISHED: 0, CANCELED: 0, FAILED: 0 };
    for (const job of this.list) jobs[job.state]++;
    const brokenPatterns = this.patternList.filter((p) => p.state === 'broken').map((p) => p.name);
    return {
      status: brokenPatterns.length > 0 || jobs.FAILED > 0 ? 'degraded' : 'ok',
      version: '0.1.0',
      uptimeMs: 3_723_000,
      jobs,
      memory: { rssBytes: 100_000_000, budgetBytes: 268_435_456 },
      brokenPatterns,
      problems: [],
    };
  }

  async close(): Promise<void> {}

  #known(id: string): JobDetail {
    const job = this.job(id);
    if (job === undefined) throw new EngineError('JOB_NOT_FOUND', `no job ${id}`);
    return job;
  }
}

const SAVEPOINT: SavepointStatus = {
  name: 's1',
  state: 'COMPLETED',
  checkpoint: 5,
  path: '/data/jobs/a/manifests/5.json',
  at: 1_700_000_000_000,
  stateBytes: 4096,
  drained: false,
  failure: null,
};

/** Creates a running job with counts. `changes` replaces some of its properties. */
export function fakeJob(id: string, changes: Partial<JobDetail> = {}): JobDetail {
  return {
    id,
    state: 'RUNNING',
    origin: 'http',
    createdAt: 1_700_000_000_000,
    startedAt: 1_700_000_000_000,
    endedAt: null,
    restarts: 1,
    rowsIn: 1000,
    rowsOut: 7,
    lateRows: 2,
    malformedRows: 3,
    watermark: 1_700_000_050_000,
    stateBytes: 4096,
    failure: null,
    plan: { format: 1, name: id, nodes: [], settings: {} },
    explain: 'Sink(alerts)\n  Scan(logins)',
    metrics: {
      rowsIn: 1000,
      rowsOut: 7,
      lateRows: 2,
      malformedRows: 3,
      watermark: 1_700_000_050_000,
      stateEntries: 12,
      cacheBytes: 4096,
      memory: { cacheBudgetBytes: 8192, entryBytes: 4000, keysOnDiskBytes: 96, backendBytes: 1024 },
      evictedEntries: 0,
      evictionWaitMs: 0,
      checkpoints: {
        completed: 4,
        failed: 1,
        lastEpoch: 5,
        lastDurationMs: 12,
        lastPauseMs: 1,
        lastSizeBytes: 2048,
        lastNewBytes: 512,
        lastCompletedAt: 1_700_000_040_000,
        scrubbed: 2,
        damaged: 0,
      },
      operators: [
        {
          name: 'logins',
          kind: 'scan',
          rowsIn: 1000,
          rowsOut: 1000,
          busyMsPerSecond: 620,
          backPressuredMsPerSecond: 300,
          idleMsPerSecond: 80,
          rowsHeld: 5,
          pendingBytes: 2 ** 21,
        },
        { name: 'match-1', kind: 'match', rowsIn: 1000, rowsOut: 7, lateRows: 2, partialMatches: 5 },
      ],
    },
    failures: [],
    reload: null,
    reloads: [],
    ...changes,
  };
}

export function fakePattern(name: string, changes: Partial<PatternStatus> = {}): PatternStatus {
  return {
    name,
    file: `patterns/${name}.sql`,
    state: 'running',
    jobs: [`${name}.alerts`],
    title: `The pattern ${name}`,
    changedAt: 1_700_000_000_000,
    diagnostics: [],
    problem: null,
    reloads: {},
    ...changes,
  };
}

export const fakeRow = (sequence: number, row: object, changes: Partial<RecentRow> = {}): RecentRow => ({
  sequence,
  at: 1_700_000_000_000 + sequence * 1000,
  job: 'job',
  sink: 'alerts',
  line: `{"op":"+I","row":${JSON.stringify(row)}}`,
  ...changes,
});
