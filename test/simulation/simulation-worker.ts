import { parentPort } from 'node:worker_threads';
import { simulateSeed } from './simulate-seed.ts';
import { Crash } from './world.ts';

// A rejection in a dead process has no handler.
process.on('unhandledRejection', (reason) => {
  if (!(reason instanceof Crash)) throw reason;
});

const port = parentPort!;
port.on('message', (seed: number) => {
  void simulateSeed(seed).then(({ scenario, violation, happened }) =>
    port.postMessage({ seed, scenario, violation, happened }),
  );
});
