import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { JobSpec } from '../../../src/service/worker/messages.ts';
import { ThreadPool } from '../../../src/service/worker/thread-pool.ts';
import type { PooledThread } from '../../../src/service/worker/worker-thread.ts';

/** A thread that counts its jobs. */
class FakeThread implements PooledThread {
  readonly alone: boolean;
  readonly exited = Promise.resolve();
  readonly ids: string[] = [];
  ending = false;
  busy = 0;

  constructor(alone: boolean) {
    this.alone = alone;
  }
  get jobs(): number {
    return this.ids.length;
  }
  load(): number {
    return this.busy;
  }
  run(spec: JobSpec): number {
    return this.ids.push(spec.id);
  }
  send(): void {}
  terminate(): void {
    this.ending = true;
  }
}

describe('a new job gets', () => {
  let threads: FakeThread[];
  let pool: ThreadPool;
  const start = (id: string) => pool.start({ id, alone: false } as unknown as JobSpec, { onMessage() {}, onEnd() {} });
  const placed = (): readonly string[][] => threads.map(({ ids }) => ids);

  beforeEach(() => {
    threads = [];
    pool = new ThreadPool({
      size: 3,
      startThread: (_heapMb, alone) => {
        threads.push(new FakeThread(alone));
        return threads.at(-1)!;
      },
    });
    for (const id of ['a', 'b', 'c']) start(id);
  });

  it('a new thread while there are fewer than the size of the pool', () => {
    assert.deepEqual(placed(), [['a'], ['b'], ['c']]);
  });

  it('the thread with the least load, even if that thread has more jobs', () => {
    [0.9, 0.5, 0.1].forEach((busy, i) => {
      threads[i]!.busy = busy;
    });
    start('d');
    start('e');
    assert.deepEqual(placed(), [['a'], ['b'], ['c', 'd', 'e']]);
  });

  it('of threads with nearly the same load, the one with the fewest jobs', () => {
    [0.2, 0.1, 0.05].forEach((busy, i) => {
      threads[i]!.busy = busy;
    });
    for (const id of ['d', 'e', 'f', 'g']) start(id);
    assert.deepEqual(placed(), [
      ['a', 'd', 'g'],
      ['b', 'e'],
      ['c', 'f'],
    ]);
  });

  it('no thread that was told to end', () => {
    threads[1]!.busy = 0.9;
    threads[2]!.busy = 0.9;
    threads[0]!.terminate();
    start('d');
    assert.deepEqual(placed(), [['a'], ['b'], ['c'], ['d']]);
  });
});
