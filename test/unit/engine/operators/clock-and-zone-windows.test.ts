/**
 * Tests windows on processing time, which no recorded case can contain, and sessions in a time
 * zone.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batch, MAX_WATERMARK, watermarkBatch } from '../../../../src/batch/batch.ts';
import { NumberVector } from '../../../../src/batch/vector.ts';
import { BIGINT, type Field, timestamp, timestampLtz } from '../../../../src/core/data-type.ts';
import type { Operator, OperatorContext } from '../../../../src/engine/operator.ts';
import { WindowAggregateOperator } from '../../../../src/engine/operators/aggregate/window-aggregate.ts';
import { FIRST_CONTENT_COLUMN } from '../../../../src/engine/operators/session/open-sessions.ts';
import { sessionAggregate } from '../../../../src/engine/operators/session/session-aggregate.ts';
import { SessionOperator } from '../../../../src/engine/operators/session/session-operator.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import type { WindowAggregateNode } from '../../../../src/plan/nodes/window-aggregate.ts';
import type { WindowSpec, WindowTime } from '../../../../src/plan/window-spec.ts';

const INPUT: readonly Field[] = [{ name: 'ts', type: timestampLtz(3) }];

/** Counts rows per window over a stream without keys. Output rows are [count, window end]. */
class Harness {
  now = 0;
  readonly output: unknown[][] = [];
  readonly operator: Operator;
  readonly #out = {
    emit: (batch: Batch) => {
      for (let row = 0; row < batch.size; row++) this.output.push(batch.columns.map((c) => c.get(row)));
    },
  };

  constructor(window: WindowSpec, time: WindowTime) {
    const node: WindowAggregateNode = {
      id: 1,
      name: 'w',
      kind: 'window-aggregate',
      inputs: [0],
      fields: [
        { name: 'c', type: BIGINT },
        { name: 'e', type: timestamp(3) },
      ],
      window,
      time,
      keys: [],
      aggregates: [{ function: 'COUNT', args: [], distinct: false, type: BIGINT }],
      windowFields: ['end'],
    };
    const context: OperatorContext = {
      operator: 1,
      state: new CachedStateStore(new MemoryBackend(), 1 << 26),
      clock: { now: () => this.now, monotonicMs: () => 0, sleep: () => Promise.resolve() },
      settings: {},
      environment: { zone: 'UTC', now: () => 0, random: () => 0.5 },
      batchRows: 64,
    };
    this.operator =
      window.kind === 'session'
        ? new SessionOperator(
            {
              gapMs: window.gapMs,
              time,
              key: [],
              fields: node.fields,
              content: sessionAggregate(node, context, FIRST_CONTENT_COLUMN),
            },
            INPUT,
            context,
          )
        : new WindowAggregateOperator(node, INPUT, context);
  }

  /** Sends a row, followed by a watermark of its time. */
  async row(time: number): Promise<void> {
    const marks = { count: 1, positions: Int32Array.of(1), values: Float64Array.of(time) };
    const column = new NumberVector(Float64Array.of(time));
    await this.operator.onBatch(new Batch(1, [column], null, null, 1, marks), 0, this.#out);
  }
  async mark(watermark: number): Promise<void> {
    await this.operator.onBatch(watermarkBatch([new NumberVector(new Float64Array(0))], watermark), 0, this.#out);
  }
  async tick(now: number): Promise<void> {
    this.now = now;
    await this.operator.onProcessingTime!(now, this.#out);
  }
  async rowAt(now: number): Promise<void> {
    this.now = now;
    await this.row(5);
  }
}

const ON_CLOCK: WindowTime = { column: 0, time: 'proctime', zone: 'UTC' };

test('a row in the last millisecond of a window on the clock counts in it', async () => {
  const windows = new Harness({ kind: 'tumble', sizeMs: 1000, offsetMs: 0 }, ON_CLOCK);
  await windows.rowAt(500);
  await windows.tick(999);
  await windows.rowAt(999);
  await windows.tick(1000);
  await windows.rowAt(1999);
  await windows.tick(2500);
  assert.deepEqual(windows.output, [
    [2, 1000],
    [1, 2000],
  ]);
  assert.equal(windows.operator.metrics!()['lateRows'], 0);
});

test('watermarks do not end windows on the clock, nor does the end of the input', async () => {
  for (const kind of ['tumble', 'session'] as const) {
    const windows = new Harness(
      kind === 'tumble' ? { kind, sizeMs: 1000, offsetMs: 0 } : { kind, gapMs: 1000, partition: [] },
      ON_CLOCK,
    );
    await windows.rowAt(10_000);
    await windows.mark(1_000_000);
    assert.deepEqual(windows.output, []);
    await windows.rowAt(10_100);
    await windows.mark(MAX_WATERMARK);
    assert.deepEqual(windows.output, []);
  }
});

test('a session on processing time is emitted when its gap is over, without another row', async () => {
  const sessions = new Harness({ kind: 'session', gapMs: 1000, partition: [] }, ON_CLOCK);
  await sessions.rowAt(10_000);
  await sessions.rowAt(10_999);
  await sessions.tick(11_998);
  assert.deepEqual(sessions.output, []);
  await sessions.tick(11_999);
  assert.deepEqual(sessions.output, [[2, 11_999]]);
  await sessions.rowAt(20_000);
  await sessions.rowAt(22_000);
  assert.deepEqual(sessions.output.slice(1), [[1, 21_000]]);
});

for (const [zone, hours] of [
  ['UTC', 0],
  ['Asia/Shanghai', 8],
  ['America/Los_Angeles', -8],
] as const) {
  test(`sessions in ${zone}: a row is late when its session is over, and only then`, async () => {
    const sessions = new Harness(
      { kind: 'session', gapMs: 10_000, partition: [] },
      { column: 0, time: 'rowtime', zone },
    );
    const start = Date.UTC(2026, 0, 1);
    for (const second of [0, 100, 20, 200]) await sessions.row(start + second * 1000);
    await sessions.mark(MAX_WATERMARK);
    const local = start + hours * 3600_000;
    assert.deepEqual(
      sessions.output,
      [10, 110, 210].map((end) => [1, local + end * 1000]),
    );
    assert.equal(sessions.operator.metrics!()['lateRows'], 1);
  });
}
