/**
 * Tests of the simulation: a seed always gives the same run, its checks find the faults they are
 * made for, and some seeds pass. `npm run simulate` runs any number of seeds.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateService } from './service/simulate-service.ts';
import { simulateSeed } from './simulate-seed.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { Crash, SimulatedProcess, World } from './world.ts';

// A rejection in a dead process has no handler.
process.on('unhandledRejection', (reason) => {
  if (!(reason instanceof Crash)) throw reason;
});

test('a seed always gives the same run, and another seed a different run', async () => {
  for (const seed of [3, 4, 5, 6, 7, 8]) {
    const first = await simulateSeed(seed);
    const second = await simulateSeed(seed);
    assert.equal(second.traceHash, first.traceHash);
    assert.equal(second.happened, first.happened);
    assert.notEqual((await simulateSeed(seed + 100)).traceHash, first.traceHash);
  }
});

/** Seeds that found something, first. */
for (const [seed, found] of [
  [34, 'a checkpoint after one whose output was lost'],
  [49, 'a lock that was kept when the job could not tidy up'],
  [27, 'rows counted twice that were read but not sent'],
  [339, 'an older checkpoint taken since the disk did not answer; a directory whose name was not durable'],
  [526, 'state called durable after a sync had failed'],
  [766, 'output made visible by a manifest that was not durable'],
  [1177, 'a lease that went on after its job'],
  [5334, 'an output directory made by a process that died'],
] as const) {
  test(`seed ${seed}: ${found}`, async () => {
    const { violation, scenario } = await simulateSeed(seed);
    assert.equal(violation, null, scenario);
  });
}

test('a seed of the service always gives the same run', async () => {
  for (const seed of [1, 2, 3]) {
    const first = await simulateService(seed);
    const second = await simulateService(seed);
    assert.equal(second.traceHash, first.traceHash);
    assert.notEqual((await simulateService(seed + 100)).traceHash, first.traceHash);
  }
});

/** Seeds of the service that found something, first. */
for (const [seed, found] of [
  [215, 'a STOP that was acknowledged while a start of the job was in doubt'],
  [2517, 'a STOP that was acknowledged but not stored, because the service was ending'],
  [1009784, 'a START that was acknowledged while a stop of the job was in doubt'],
  [258523083, 'a client starts a job of a pattern while its file is removed'],
] as const) {
  test(`service seed ${seed}: ${found}`, async () => {
    assert.equal((await simulateService(seed)).violation, null);
  });
}

test('sixty seeds of the service', async () => {
  for (let seed = 10_000; seed < 10_060; seed++) {
    assert.equal((await simulateService(seed)).violation, null, `seed ${seed}`);
  }
});

test('a hundred seeds', async () => {
  for (let seed = 10_000; seed < 10_100; seed++) {
    const { violation, scenario } = await simulateSeed(seed);
    assert.equal(violation, null, `seed ${seed}, ${scenario}`);
  }
});

test('the disk loses data that was not synced, and keeps synced data', async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const world = new World(seed);
    const disk = new SimulatedDisk(world);
    const seen = disk.seenBy(new SimulatedProcess(world, 'one', 0));
    const done = (async () => {
      seen.makeDirectory('/d');
      seen.syncDirectory('/');
      await seen.write('/d/synced', Buffer.from('synced'), true);
      seen.syncDirectory('/d');
      await seen.write('/d/content', Buffer.from('content'), false);
      await seen.write('/d/name', Buffer.from('name'), true);
      seen.renameNow('/d/synced', '/d/renamed');
    })();
    while (await world.step());
    await done;
    disk.losePower();
    const files = [...disk.files('/d')].map(([name, content]) => `${name}=${content}`).sort();
    const kept = files.find((file) => file.endsWith('=synced'))!;
    assert.ok(['/d/synced=synced', '/d/renamed=synced'].includes(kept), files.join());
    outcomes.add(files.join());
  }
  const all = [...outcomes].join(' ');
  for (const seen of ['/d/content=content', '/d/content=,', '/d/name=name', '/d/renamed', '/d/synced']) {
    assert.ok(all.includes(seen), `${seen} in ${all}`);
  }
});
