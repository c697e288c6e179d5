/**
 * Compares the windows beside idle sources with those of Flink 2.3. Flink read two folders with
 * `source.monitor-interval`, `table.exec.source.idle-timeout` and a watermark interval of 200 ms.
 * Files were moved into the folders at the times of the steps below.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeSource } from '../../../support/fake-source.ts';
import { SourceBench } from '../../../support/source-bench.ts';

/** Seconds of new rows, or a pause in milliseconds. After rows there is a pause of 350 ms. */
type Step = { readonly quiet: readonly number[] } | { readonly busy: readonly number[] } | { readonly pauseMs: number };

interface Recording {
  readonly title: string;
  readonly timeout: string;
  readonly from: 'quiet' | 'both';
  readonly steps: readonly Step[];
  /** The counts of Flink's windows of ten seconds. */
  readonly counts: readonly number[];
}

const QUIET_THEN_BUSY: readonly Step[] = [{ quiet: [0, 1] }, { busy: [0, 5, 25] }];
const steadily = (...seconds: readonly number[]): readonly Step[] =>
  seconds.flatMap((second) => [{ busy: [second] }, { pauseMs: 400 }]);

const RECORDED: readonly Recording[] = [
  {
    title: 'no time-out: a quiet source holds up a busy one',
    timeout: '0 s',
    from: 'both',
    steps: [...QUIET_THEN_BUSY, { pauseMs: 3000 }, { busy: [27, 45] }],
    counts: [],
  },
  {
    title: 'a busy source advances beside an idle one',
    timeout: '1 s',
    from: 'both',
    steps: [...QUIET_THEN_BUSY, ...steadily(27, 28, 29, 30, 31, 32), { busy: [45] }],
    counts: [4, 4, 3],
  },
  {
    title: 'all sources are idle: the highest watermark counts',
    timeout: '1 s',
    from: 'both',
    steps: [...QUIET_THEN_BUSY, { pauseMs: 4000 }],
    counts: [4],
  },
  {
    title: 'an idle source does not advance its own windows',
    timeout: '1 s',
    from: 'quiet',
    steps: [{ quiet: [0, 5, 25] }, { pauseMs: 4000 }],
    counts: [2],
  },
  {
    title: 'a source without any row becomes idle',
    timeout: '1 s',
    from: 'both',
    steps: [{ busy: [0, 5, 25] }, { pauseMs: 4000 }],
    counts: [2],
  },
  {
    title: 'an idle source has rows again: its row of second 12 is late',
    timeout: '1 s',
    from: 'both',
    steps: [...QUIET_THEN_BUSY, { pauseMs: 4000 }, { quiet: [12, 22] }, { busy: [41, 55] }, { pauseMs: 4600 }],
    counts: [4, 2, 1],
  },
];

const table = (name: string): string =>
  `CREATE TABLE ${name} (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
   WITH ('connector' = 'filesystem', 'path' = '${name}', 'format' = 'json');\n`;

function textOf({ timeout, from }: Recording): string {
  return `SET 'table.exec.source.idle-timeout' = '${timeout}';
    ${table('quiet')}${table('busy')}
    CREATE VIEW both AS SELECT * FROM quiet UNION ALL SELECT * FROM busy;
    SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE ${from}, DESCRIPTOR(ts), INTERVAL '10' SECOND))
    GROUP BY window_start, window_end;`;
}

for (const recording of RECORDED) {
  test(`as in Flink: ${recording.title}`, async () => {
    await using bench = new SourceBench();
    const sources = {
      quiet: new FakeSource({ p0: [] }, { ends: false }),
      busy: new FakeSource({ p0: [] }, { ends: false }),
    };
    await bench.start(textOf(recording), sources);
    const send = (name: 'quiet' | 'busy', seconds: readonly number[]): void => {
      sources[name].split('p0').add(...seconds.map((second) => second * 1000));
      sources[name].wake();
    };
    for (const step of recording.steps) {
      if ('quiet' in step) send('quiet', step.quiet);
      if ('busy' in step) send('busy', step.busy);
      await bench.clock.advance('pauseMs' in step ? step.pauseMs : 350);
    }
    assert.deepEqual(bench.values, recording.counts);
  });
}
