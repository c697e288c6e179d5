import { parentPort } from 'node:worker_threads';
import { verdictOf } from './seed-verdict.ts';
import { Crash } from './world.ts';

// The code of a killed process throws `Crash`, and nothing handles these rejections.
process.on('unhandledRejection', (reason) => {
  if (!(reason instanceof Crash)) throw reason;
});

const port = parentPort!;
port.on('message', ({ seed, part }: { readonly seed: number; readonly part: string }) => {
  void verdictOf(seed, part).then(({ scenario, violation, happened }) =>
    port.postMessage({ seed, scenario, violation, happened }),
  );
});
