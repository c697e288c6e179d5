import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailedAttempts } from '../../../src/http/failed-attempts.ts';

function attemptsAt(): { attempts: FailedAttempts; advance(ms: number): void } {
  let now = 0;
  const advance = (ms: number): void => {
    now += ms;
  };
  const clock = { now: () => now, monotonicMs: () => now, sleep: async () => undefined };
  return { attempts: new FailedAttempts(clock), advance };
}

test('ten at once, then one every five seconds', () => {
  const { attempts, advance } = attemptsAt();
  for (let i = 0; i < 10; i++) {
    assert.equal(attempts.waitSeconds('10.0.0.1'), 0);
    attempts.failed('10.0.0.1');
  }
  assert.equal(attempts.waitSeconds('10.0.0.1'), 5);
  assert.equal(attempts.waitSeconds('10.0.0.2'), 0);
  advance(3000);
  assert.equal(attempts.waitSeconds('10.0.0.1'), 2);
  advance(2000);
  assert.equal(attempts.waitSeconds('10.0.0.1'), 0);
});

test('an IPv6 network of one owner counts as one address, an IPv4 address in IPv6 form as itself', () => {
  const { attempts } = attemptsAt();
  for (let i = 0; i < 10; i++) attempts.failed(`2001:db8:1:2::${i}`);
  assert.ok(attempts.waitSeconds('2001:db8:1:2:aaaa:bbbb:cccc:dddd') > 0);
  assert.equal(attempts.waitSeconds('2001:db8:1:3::1'), 0);
  for (let i = 0; i < 10; i++) attempts.failed('::ffff:10.0.0.9');
  assert.ok(attempts.waitSeconds('10.0.0.9') > 0);
  assert.equal(attempts.waitSeconds('::1'), 0);
});

test('the memory has a bound', () => {
  const { attempts } = attemptsAt();
  for (let i = 0; i < 10; i++) attempts.failed('10.0.0.1');
  for (let i = 0; i < 2000; i++) attempts.failed(`10.1.${i >> 8}.${i & 255}`);
  assert.equal(attempts.waitSeconds('10.0.0.1'), 0);
});
