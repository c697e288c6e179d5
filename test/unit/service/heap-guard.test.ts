import assert from 'node:assert/strict';
import path from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const GUARD = pathToFileURL(path.join(import.meta.dirname, '../../../src/service/worker/heap-guard.ts')).href;

/**
 * Keeps the objects it creates, or drops them. Like a job, it lets other work in the thread
 * continue.
 */
const program = (kept: boolean): string => `
  import { parentPort } from 'node:worker_threads';
  const { guardHeap } = await import(${JSON.stringify(GUARD)});
  let full = false;
  guardHeap((limitMb) => { full = true; parentPort.postMessage({ full: limitMb }); });
  const keep = [];
  for (let i = 0; i < 400 && !full; i++) {
    const made = Array.from({ length: 40_000 }, (_, n) => ({ n }));
    if (${kept}) keep.push(made);
    await new Promise((resolve) => setImmediate(resolve));
  }
  parentPort.postMessage({ done: true });
  process.exit(0);`;

async function run(kept: boolean): Promise<unknown[]> {
  const url = new URL(`data:text/javascript,${encodeURIComponent(program(kept))}`);
  const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: 96 } });
  const messages: unknown[] = [];
  worker.on('message', (message) => messages.push(message));
  await new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  return messages;
}

it('the heap guard reports before the heap is full', async () => {
  assert.deepEqual(await run(true), [{ full: 96 }, { done: true }]);
});

it('the heap guard does not count garbage', async () => {
  assert.deepEqual(await run(false), [{ done: true }]);
});
