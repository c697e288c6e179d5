import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EngineError } from '../../../src/core/engine-error.ts';
import { MemoryShares, type MemoryUse } from '../../../src/service/memory-shares.ts';
import { ReportedMemory } from '../../../src/service/reported-memory.ts';

const MB = 1024 * 1024;
const DEFAULT = 256 * MB;
const idle = (usedMb: number): MemoryUse => ({ busy: false, usedBytes: usedMb * MB });
const busy = (usedMb: number): MemoryUse => ({ busy: true, usedBytes: usedMb * MB });
const many = (count: number, use: MemoryUse): MemoryUse[] => Array.from({ length: count }, () => use);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

test('the shares never exceed the budget, and busy jobs get their minimum while it fits', () => {
  const uses = fc.array(fc.record({ busy: fc.boolean(), usedBytes: fc.nat(DEFAULT) }), {
    minLength: 1,
    maxLength: 256,
  });
  fc.assert(
    fc.property(uses, fc.integer({ min: 8 * MB, max: 4096 * MB }), (jobs, budget) => {
      const shares = new MemoryShares(budget).divide(jobs);
      assert.ok(sum(shares) <= budget);
      const least = jobs.map((job) => (job.busy ? 8 * MB : MB / 2));
      if (sum(least) > budget) return;
      for (const [i, share] of shares.entries()) assert.ok(share >= least[i]!, `${share} of job ${i}`);
    }),
  );
});

test('an idle job keeps what it uses, and busy jobs get most of the rest', () => {
  const [kept, one, two] = new MemoryShares(DEFAULT).divide([idle(40), busy(10), busy(100)]);
  assert.ok(kept! >= 40 * MB && kept! < 70 * MB, String(kept));
  assert.equal(one, two);
  assert.ok(one! > 90 * MB, String(one));
});

test('idle jobs give memory to busy ones when it is short', () => {
  const shares = new MemoryShares(DEFAULT).divide([...many(4, idle(60)), ...many(20, busy(8))]);
  for (const share of shares.slice(4)) assert.ok(share >= 8 * MB);
  for (const share of shares.slice(0, 4)) assert.ok(share < 25 * MB && share > 20 * MB, String(share));
});

test('a job is refused only when the minimum of the busy ones does not fit', () => {
  const shares = new MemoryShares(DEFAULT);
  shares.check([], 256);
  shares.check(many(200, idle(1)), 56);
  shares.check([...many(18, busy(50)), ...many(199, idle(0))], 1);
  assert.throws(
    () => shares.check([...many(31, busy(50)), ...many(16, idle(0))], 1),
    (error: unknown) => error instanceof EngineError && error.code === 'STATE_MEMORY' && /31 busy/.test(error.message),
  );
});

test('200 jobs that have just begun and have no state yet are not refused', () => {
  new MemoryShares(DEFAULT).check(many(200, busy(0)), 1);
});

test('a job is busy for five seconds after its last row', () => {
  const use = new ReportedMemory();
  const memory = { cacheBudgetBytes: 0, entryBytes: 5, keysOnDiskBytes: 2, backendBytes: 1 };
  assert.deepEqual(use.now(0), { busy: false, usedBytes: 0 });
  use.report({ rowsIn: 10, memory }, 1000);
  assert.deepEqual(use.now(5999), { busy: true, usedBytes: 8 });
  use.report({ rowsIn: 10, memory }, 5000);
  assert.equal(use.now(6000).busy, false);
});
