/**
 * Tests the heartbeat of a lock. It is needed on file systems on which the kernel has no locks, and
 * in directories that several machines share.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { KernelLock } from '../../../src/storage/local/kernel-lock.ts';
import { EXPIRES_MS, type LockPorts, ProcessLock, RENEW_MS } from '../../../src/storage/local/process-lock.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describe('the heartbeat of a lock', () => {
  let root: string;
  let file: string;
  let clock: ManualClock;
  let beats: (() => void)[];
  const shared = (): LockPorts => ({
    shared: () => true,
    clock,
    scheduler: {
      turn: async () => {},
      every: (ms, action) => {
        assert.equal(ms, RENEW_MS);
        beats.push(action);
        return () => beats.splice(beats.indexOf(action), 1);
      },
      after: () => () => {},
    },
  });
  const withoutKernel = (): LockPorts => ({ ...shared(), kernel: () => 'unsupported' });
  /** Writes the lock of an owner on another machine. */
  const ownedElsewhere = (beat: number): void =>
    fs.writeFileSync(
      file,
      JSON.stringify({
        pid: 7,
        started: '1',
        nonce: 'other',
        host: 'b',
        boot: 'b',
        namespace: 'n',
        kernel: true,
        beat,
      }),
    );

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-heartbeat-'));
    file = path.join(root, 'lock');
    clock = new ManualClock();
    beats = [];
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  for (const [name, ports] of [
    ['a directory that machines share', shared],
    ['a file system without locks', withoutKernel],
  ] as const) {
    it(`refuses other owners while the owner on another machine renews it: ${name}`, async () => {
      ownedElsewhere(1);
      const lock = new ProcessLock(file, ports());
      assert.throws(() => lock.acquire('it'), { code: 'JOB_LOCKED', message: 'it is in use by process 7 on b' });
      const watched = lock.watch();
      await clock.advance(EXPIRES_MS / 2);
      ownedElsewhere(2);
      await clock.advance(EXPIRES_MS);
      await watched;
      assert.throws(() => lock.acquire('it'), { code: 'JOB_LOCKED' });
    });

    it(`accepts the next owner when the lock was not renewed in time: ${name}`, async () => {
      ownedElsewhere(1);
      const lock = new ProcessLock(file, ports());
      let certain = false;
      const watched = lock.watch().then(() => {
        certain = true;
      });
      await clock.advance(EXPIRES_MS - 1_000);
      assert.ok(!certain, 'the owner may still renew it');
      await clock.advance(2_000);
      await watched;
      lock.acquire('it');
      lock.check();
      const before = fs.readFileSync(file, 'utf8');
      for (const beat of beats) beat();
      assert.notEqual(fs.readFileSync(file, 'utf8'), before, 'the heartbeat changes the file');
      lock.release();
      assert.deepEqual(beats, []);
      assert.ok(!fs.existsSync(file));
    });
  }

  it('informs an owner that was suspended for too long that it has a successor', () => {
    const lock = new ProcessLock(file, withoutKernel());
    lock.acquire('it');
    ownedElsewhere(1);
    for (const beat of beats) beat();
    assert.throws(() => lock.check(), { code: 'JOB_LOCKED', message: /was taken over by process 7 on b/ });
    lock.release();
    assert.match(fs.readFileSync(file, 'utf8'), /"nonce":"other"/, 'the lock of the successor stays');
  });

  it('is not needed on the disk of one machine', () => {
    ownedElsewhere(1);
    const lock = new ProcessLock(file, { ...shared(), shared: () => false });
    lock.acquire('it');
    assert.deepEqual(beats, []);
    lock.release();
  });

  it('excludes a second lock of the same thread without the kernel', () => {
    const lock = new ProcessLock(file, withoutKernel());
    lock.acquire('it');
    assert.throws(() => new ProcessLock(file, withoutKernel()).acquire('it'), { code: 'JOB_LOCKED' });
    lock.release();
  });

  it('does not take the lock of an older version while its process runs', () => {
    const started = fs.readFileSync('/proc/self/stat', 'latin1').split(') ')[1]!.split(' ')[19];
    fs.writeFileSync(file, JSON.stringify({ pid: process.pid, started, nonce: 'x' }));
    assert.throws(() => new ProcessLock(file).acquire('it'), { code: 'JOB_LOCKED' });
  });
});

describe('the lock of the kernel', () => {
  it('excludes a second lock of the same process, and ends with its owner', () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-kernel-lock-')), 'lock');
    const lock = KernelLock.take(file);
    assert.ok(lock instanceof KernelLock);
    assert.equal(KernelLock.take(file), 'held');
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock'], 'a full disk does not matter');
    assert.equal(fs.statSync(file).size, 0);
    lock.release();
    const next = KernelLock.take(file);
    assert.ok(next instanceof KernelLock);
    next.release();
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock']);
  });
});
