/**
 * `npm run simulate`: the whole engine on a simulated clock, disk, object store and source, and the
 * service on a simulated store and with simulated threads. Each run has the faults of one seed.
 * `--part engine` or `--part service`: only one of them. `--seeds N`: the number of seeds.
 * `--from S`: the first seed (`random`: a random one). `--stop`: stop at the first violation.
 * `--seed X`: run one seed and print its whole schedule.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { verdictOf } from './seed-verdict.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    part: { type: 'string', default: 'both' },
    stop: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
});

if (values.seed !== undefined) {
  const verdict = await verdictOf(Number(values.seed), values.part, true);
  for (const line of verdict.trace) console.log(line);
  console.log(
    `seed ${verdict.seed}: ${verdict.scenario}; ${verdict.happened} events, trace ${verdict.traceHash.slice(0, 16)}`,
  );
  console.log(verdict.violation === null ? 'no violation' : `VIOLATION: ${verdict.violation}`);
  process.exitCode = verdict.violation === null ? 0 : 1;
} else {
  const from = values.from === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(values.from);
  const count = Number(values.seeds);
  const started = Date.now();
  let next = from;
  let events = 0;
  const failed: number[] = [];
  const give = (worker: Worker): void => {
    if (next < from + count) worker.postMessage({ seed: next++, part: values.part });
    else void worker.terminate();
  };
  const ends = Array.from({ length: Number(values.threads) }, () => {
    const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url));
    worker.on('message', (verdict: { seed: number; scenario: string; violation: string | null; happened: number }) => {
      events += verdict.happened;
      if (verdict.violation !== null) {
        failed.push(verdict.seed);
        if (values.stop) next = from + count;
        console.log(`seed ${verdict.seed} (${verdict.scenario}): ${verdict.violation}`);
      }
      give(worker);
    });
    give(worker);
    return new Promise<void>((resolve, reject) => {
      worker.on('exit', () => resolve());
      worker.on('error', reject);
    });
  });
  await Promise.all(ends);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `simulation: seeds ${from} to ${from + count - 1}, ${events} events, ${seconds} s; ${failed.length} violations`,
  );
  if (failed.length > 0) console.log(`to repeat it with its schedule: npm run simulate -- --seed ${failed[0]}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
