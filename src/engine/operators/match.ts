import { Batch, MIN_WATERMARK, type WatermarkMarks } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { OpenMatches } from '../match/explain/open-matches.ts';
import { flinkMatching } from '../match/flink-matching.ts';
import type { RunningMatching } from '../match/keyed-matching.ts';
import { LaggedRows } from '../match/lagged-rows.ts';
import type { ObservedMatch } from '../match/match-observer.ts';
import type { MatchResults } from '../match/match-results.ts';
import type { MatchSnapshot } from '../match/match-snapshot.ts';
import type { BuiltMatching, MatchContext } from '../match/matching-parts.ts';
import { LAGS_TABLE, patternShape, SORTER_TABLE, TIMERS_TABLE } from '../match/pattern-shape.ts';
import { RowSorter, type SortedRows } from '../match/row-sorter.ts';
import { standardMatching } from '../match/standard/standard-matching.ts';
import type { Operator, OperatorCounters, Output } from '../operator.ts';
import { type LateRows, lateRowsFor } from '../operator-kit/late-rows.ts';
import { RowMarkCursor } from '../operator-kit/row-mark-cursor.ts';
import { runSteps, type Steps, waitFor } from '../operator-kit/steps.ts';
import { KeyTimers } from '../timers/key-timers.ts';

const NO_ROWS = new Batch(0, []);

/**
 * MATCH_RECOGNIZE.
 *
 *     rows -> late? -> sorter -> per key, in order of time: matcher -> matches -> measures
 *                        ^                                  ^
 *                    watermark                   timers (WITHIN, absence)
 *
 * The state has the sorter's rows until the watermark passes them. For each partition it has the
 * partial matches and the rows that they keep. One table has the timers of all partitions. A
 * partition without partial matches has no state. With WITHIN, the state is empty when the
 * watermark has passed the last bound.
 *
 * At each watermark, the rows up to it are processed first, by (time, ORDER BY, arrival). The
 * matches of a row follow it. Then come the matches that the watermark itself releases, in the
 * order in which the partitions were seen, then by deadline. Within a partition this is Flink's
 * order: time advances to each row before the row, and to the watermark at the end.
 */
export class MatchOperator implements Operator {
  readonly results?: 'at-marks';
  readonly #context: MatchContext;
  readonly #timeColumn: number;
  readonly #eventTime: boolean;
  readonly #withinMs: number | null;
  /** The end of the input is a separate event, also on processing time. */
  readonly #endsPartitions: boolean;
  readonly #sorter: RowSorter;
  /** Set if the pattern reads PREV with Flink's semantics. */
  readonly #lagged: LaggedRows | null;
  readonly #timers: KeyTimers;
  readonly #matching: RunningMatching;
  readonly #results: MatchResults;

  readonly #observed: ObservedMatch | null;
  readonly #name: string;
  readonly #openFor: NonNullable<BuiltMatching['openFor']> | null;

  #watermark = MIN_WATERMARK;
  #lateRows = 0;
  /** Rows of the batch that the last watermark of the batch covers, with their times. */
  #direct = new Int32Array(0);
  #directTimes = new Float64Array(0);
  #directCount = 0;
  /** Rows of the batch that must wait for a later watermark. */
  #waiting = new Int32Array(0);
  #waitingTimes = new Float64Array(0);
  readonly #cursor = new RowMarkCursor();

  constructor(node: MatchNode, input: readonly Field[], context: MatchContext) {
    if (node.time.time === 'rowtime') this.results = 'at-marks';
    this.#context = context;
    this.#timeColumn = node.time.column;
    this.#eventTime = node.time.time === 'rowtime';
    this.#withinMs = node.within?.ms ?? null;
    this.#endsPartitions = node.semantics === 'standard';
    const { operator, state, observedMatch } = context;
    this.#observed = observedMatch?.node === node.name ? observedMatch : null;
    const shape = patternShape(node, input, this.#observed !== null);
    this.#timers = new KeyTimers(state, { operator, table: TIMERS_TABLE, bucketMs: shape.bucketMs });
    const build = node.semantics === 'standard' ? standardMatching : flinkMatching;
    const { matching, results, openFor } = build({
      node: shape.node,
      input: shape.fields,
      kept: shape.kept,
      context,
      observed: this.#observed,
      timers: this.#timers,
      scaleMs: shape.scaleMs,
    });
    this.#openFor = openFor ?? null;
    this.#name = node.name;
    this.#matching = matching;
    this.#results = results;
    this.#sorter = new RowSorter(
      state,
      { operator, table: SORTER_TABLE },
      input,
      shape.waiting,
      node.order,
      node.partition,
    );
    this.#lagged =
      shape.lags.length === 0
        ? null
        : new LaggedRows(state, { operator, table: LAGS_TABLE }, shape.fields, shape.lags, node.partition);
  }

  onBatch(batch: Batch, _input: number, out: Output): void | Promise<void> {
    return runSteps(this.#eventTime ? this.#eventTimeSteps(batch, out) : this.#processingTimeSteps(batch, out));
  }

  /**
   * Fires the bounds that the clock has passed. A pattern on event time ignores the clock.
   */
  onProcessingTime(now: number, out: Output): void | Promise<void> {
    if (this.#eventTime || this.#timers.firstTime >= now) return;
    return runSteps(this.#processingTimeSteps(NO_ROWS, out));
  }

  /** Yields when it must read state first. */
  *#eventTimeSteps(batch: Batch, out: Output): Steps {
    const until = batch.lastWatermark(this.#watermark);
    const late = lateRowsFor(out);
    this.#takeIn(batch, until, late);
    yield* waitFor(this.#sorter.load(until));
    const sorted = this.#sorter.release(until, batch, this.#direct, this.#directTimes, this.#directCount);
    const rows = this.#lagged === null ? sorted : yield* this.#lagged.extend(sorted);
    yield* this.#matching.begin(rows, until);
    this.#results.begin(out);
    if (batch.marks !== null) this.#pass(batch.marks);
    this.#watermark = until;
    yield* this.#matching.end();
    this.#results.end();
    late?.emit(batch, out);
  }

  #pass({ count, values }: WatermarkMarks): void {
    const matching = this.#matching;
    const results = this.#results;
    for (let mark = 0; mark < count; mark++) {
      const watermark = values[mark]!;
      matching.rowsUpTo(watermark);
      matching.advanceTo(watermark);
      results.mark(watermark);
    }
  }

  /** Rows get the time of the clock and are processed at once. Watermarks pass through. */
  *#processingTimeSteps(batch: Batch, out: Output): Steps {
    const now = this.#context.clock.now();
    const sorted = this.#atOneTime(batch, now);
    const rows = this.#lagged === null ? sorted : yield* this.#lagged.extend(sorted);
    const ends = this.#endsPartitions && batch.lastWatermark(MIN_WATERMARK) === Number.POSITIVE_INFINITY;
    yield* this.#matching.begin(rows, ends ? Number.POSITIVE_INFINITY : now - 1);
    this.#results.begin(out);
    this.#matching.advanceTo(now);
    this.#matching.rowsUpTo(now);
    this.#matching.advanceTo(ends ? Number.POSITIVE_INFINITY : now);
    const { marks } = batch;
    for (let mark = 0; marks !== null && mark < marks.count; mark++) this.#results.mark(marks.values[mark]!);
    yield* this.#matching.end();
    this.#results.end();
  }

  /**
   * Drops late rows, stores the rows that must wait, and lists the rows up to the batch's last
   * watermark.
   */
  #takeIn(batch: Batch, until: number, late: LateRows | null): void {
    const { selection, selected } = batch;
    if (this.#direct.length < selected) {
      const size = Math.max(selected, 1024);
      this.#direct = new Int32Array(size);
      this.#directTimes = new Float64Array(size);
      this.#waiting = new Int32Array(size);
      this.#waitingTimes = new Float64Array(size);
    }
    const column = batch.columns[this.#timeColumn]!;
    // The watermark operator has rejected NULL.
    const times = column.kind === 'number' ? column.values : null;
    const cursor = this.#cursor;
    let direct = 0;
    let waiting = 0;
    for (cursor.begin(batch, this.#watermark); cursor.next(); ) {
      const watermark = cursor.before;
      for (let k = cursor.from; k < cursor.to; k++) {
        const row = selection === null ? k : selection[k]!;
        const time = times !== null ? times[row]! : (column.get(row) as number);
        if (time <= watermark) {
          this.#lateRows++;
          late?.add(row);
          this.#observed?.observer.late((from) => batch.columns[from]!.get(row), time, watermark);
        } else if (time <= until) {
          this.#direct[direct] = row;
          this.#directTimes[direct++] = time;
        } else {
          this.#waiting[waiting] = row;
          this.#waitingTimes[waiting++] = time;
        }
      }
    }
    this.#directCount = direct;
    if (waiting > 0) {
      this.#sorter.hold(batch, this.#waiting, this.#waitingTimes, waiting, spacing(batch, this.#timeColumn));
    }
  }

  /**
   * Returns the rows of a batch with one processing time, sorted by the other ORDER BY columns.
   */
  #atOneTime(batch: Batch, now: number): SortedRows {
    const { selection, selected } = batch;
    const direct = new Int32Array(selected);
    for (let k = 0; k < selected; k++) direct[k] = selection === null ? k : selection[k]!;
    return this.#sorter.release(MIN_WATERMARK, batch, direct, new Float64Array(selected).fill(now), selected);
  }

  /**
   * Returns the open matches of a key, read between batches. Null if the semantics of the pattern
   * do not support it.
   */
  async openMatches(key: readonly unknown[]): Promise<OpenMatches | null> {
    if (this.#openFor === null) return null;
    return { name: this.#name, watermark: this.#watermark, ...(await this.#openFor(key)) };
  }

  /** Called at a barrier. It first writes rows and timers from memory to the tables. */
  snapshot(): MatchSnapshot {
    this.#sorter.flush();
    this.#timers.flush();
    return {
      watermark: String(this.#watermark),
      arrivals: this.#sorter.arrivals,
      lateRows: this.#lateRows,
      timers: this.#timers.sequence,
      matching: this.#matching.snapshot(),
    };
  }

  restore(snapshot: unknown): void {
    const from = snapshot as MatchSnapshot;
    this.#watermark = Number(from.watermark);
    this.#timers.startAfter(this.#watermark);
    this.#timers.sequence = from.timers;
    this.#sorter.arrivals = from.arrivals;
    this.#lateRows = from.lateRows;
    this.#matching.restore(from.matching);
    this.#matching.reach(this.#watermark);
  }

  metrics(): OperatorCounters {
    return { lateRows: this.#lateRows, ...this.#matching.metrics(), ...this.#oldest() };
  }

  /**
   * Returns an upper bound of the oldest partial match's age in event time. Deadlines are a little
   * later than the bound.
   */
  #oldest(): { oldestPartialMatchMs?: number } {
    const { firstTime } = this.#timers;
    if (this.#withinMs === null || !Number.isFinite(firstTime) || !Number.isFinite(this.#watermark)) return {};
    const age = this.#watermark - (firstTime - this.#withinMs);
    return { oldestPartialMatchMs: Math.max(0, Math.min(this.#withinMs, age)) };
  }
}

/** Returns the average distance between two rows of the batch, in milliseconds. */
function spacing(batch: Batch, column: number): number {
  const times = batch.columns[column]!;
  return Math.abs((times.get(batch.size - 1) as number) - (times.get(0) as number)) / batch.size;
}
