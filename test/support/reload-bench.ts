import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../src/connectors/connector-registry.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Job } from '../../src/engine/job/job.ts';
import type { CheckpointOptions } from '../../src/engine/job/job-options.ts';
import type { OperatorReload } from '../../src/engine/match/carry/carry-report.ts';
import { LocalStorage } from '../../src/storage/local/local-storage.ts';

export interface ReloadOptions {
  readonly backend?: 'memory' | 'rocksdb';
  readonly reload?: CheckpointOptions['patternReload'];
  readonly onChangedPlan?: CheckpointOptions['onChangedPlan'];
}

/**
 * A job over files whose query changes between two runs. It gets rows, reads them all, takes its
 * last checkpoint, and continues with another text.
 */
export class ReloadBench {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'reload-'));
  /** Of the last start. */
  reloads: readonly OperatorReload[] = [];
  readonly #options: ReloadOptions;
  #files = 0;
  #rows = 0;

  constructor(options: ReloadOptions = {}) {
    this.#options = options;
    fs.mkdirSync(path.join(this.directory, 'in'));
  }

  /** Writes objects as lines of a new file of the source. */
  feed(rows: readonly object[]): void {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const hidden = path.join(this.directory, 'in', '.next');
    fs.writeFileSync(hidden, text);
    fs.renameSync(hidden, path.join(this.directory, 'in', `${String(this.#files++).padStart(4, '0')}.jsonl`));
    this.#rows += rows.length;
  }

  async open(sql: string): Promise<Job> {
    const { statements, diagnostics } = compile(sql, {
      fileName: 'test',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: {},
    });
    const statement = statements.find((each) => each.kind === 'job');
    if (statement === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
    this.reloads = [];
    const { backend = 'memory', reload, onChangedPlan = 'carry' } = this.#options;
    return Job.open({
      id: 'job',
      plan: statement.plan,
      batchRows: 7,
      state: { backend, memoryBytes: 64 << 20, directory: path.join(this.directory, 'state') },
      checkpoints: {
        storage: new LocalStorage(path.join(this.directory, 'checkpoints')),
        retained: 2,
        onChangedPlan,
        ...(reload === undefined ? {} : { patternReload: reload }),
      },
      endpoints: tableEndpoints({ baseDirectory: this.directory }),
      onEvent: (event) => {
        if (event.kind === 'reloaded') this.reloads = event.operators;
      },
    });
  }

  /**
   * Runs the text until all rows that were fed have been read, then stops after a last checkpoint.
   * Resolves to the partial matches that are open then.
   */
  async run(sql: string): Promise<number> {
    const job = await this.open(sql);
    const ended = job.run();
    ended.catch(() => {});
    const all = this.#rows;
    while (job.graph.nodes[0]!.rowsIn < all) await systemClock.sleep(2);
    job.stop();
    await ended;
    const counters = job
      .metrics()
      .operators.map((operator) => (operator as { partialMatches?: number }).partialMatches);
    return counters.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  }

  /** Returns the visible lines of the sink, in the order in which they were written. */
  lines(): string[] {
    const directory = path.join(this.directory, 'out');
    const parts = fs.existsSync(directory) ? fs.readdirSync(directory).filter((name) => !name.startsWith('.')) : [];
    return parts.flatMap((part) => fs.readFileSync(path.join(directory, part), 'utf8').split('\n').slice(0, -1));
  }

  rows(): Record<string, unknown>[] {
    return this.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Returns a time as SQL text: seconds after midnight of the first of January 2026. */
export const at = (second: number): string =>
  new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().slice(0, 19).replace('T', ' ');

export interface PatternText {
  readonly columns?: string;
  readonly delay?: number;
  readonly partition?: string;
  readonly measures?: string;
  readonly sink?: string;
  readonly pattern?: string;
  readonly define?: string;
  readonly skip?: string;
  readonly rows?: string;
  readonly from?: string;
  readonly before?: string;
  readonly where?: string;
}

/** Returns a pattern over `in`, by default A FOLLOWED BY B within an hour, into `out`. */
export function patternSql(text: PatternText = {}): string {
  const {
    columns = 'k STRING, v BIGINT, w BIGINT, name STRING',
    delay = 0,
    partition = 'k',
    measures = 'A.v AS a, B.v AS b',
    sink = 'k STRING, a BIGINT, b BIGINT',
    pattern = "(A FOLLOWED BY B) WITHIN INTERVAL '1' HOUR",
    define = 'A AS v > 10, B AS v < 5',
    skip = 'AFTER MATCH SKIP TO NEXT ROW',
    rows = 'ONE ROW PER MATCH',
    from = 'events',
    before = '',
    where = '',
  } = text;
  return `${before}
CREATE TABLE events (${columns}, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '${delay}' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json', 'source.monitor-interval' = '5 ms');
CREATE TABLE found (${sink}) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO found SELECT * FROM ${where === '' ? from : `(SELECT * FROM ${from} WHERE ${where})`} MATCH_RECOGNIZE (
  PARTITION BY ${partition} ORDER BY ts MEASURES ${measures} ${rows} ${skip}
  PATTERN ${pattern} DEFINE ${define});`;
}
