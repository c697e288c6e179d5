import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { call } from '../support/call-function.ts';

/**
 * Patterns that take a backtracking matcher very long. Each must be evaluated or refused within the
 * limit.
 */
const LIMIT_MS = 1_000;
const TEXT = `${'a'.repeat(30_000)}!`;

function withinLimit(name: string, run: () => unknown): void {
  test(name, () => {
    const before = process.cpuUsage();
    try {
      run();
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'EXPRESSION_FAILED', String(error));
    }
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    assert.ok(ms < LIMIT_MS, `it took ${Math.round(ms)} ms of CPU`);
  });
}

describe('matching takes linear time', () => {
  for (const pattern of [
    '(a+)+$',
    '(a|a)*$',
    '(a|aa)+$',
    '(.*)*x',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a*)*b',
    '(?:a?){30}a{30}$',
  ]) {
    withinLimit(`REGEXP ${pattern}`, () => call('REGEXP', [TEXT, pattern]));
    withinLimit(`REGEXP_EXTRACT ${pattern}`, () => call('REGEXP_EXTRACT', [TEXT, pattern, 0]));
    withinLimit(`REGEXP_REPLACE ${pattern}`, () => call('REGEXP_REPLACE', [TEXT, pattern, 'x']));
  }
  for (const pattern of ['(a+)+b', '(a|aa)*b', '(%a)*b', '((a%)+_)+c']) {
    withinLimit(`SIMILAR TO ${pattern}`, () => assert.equal(call('SIMILAR TO', [TEXT, pattern]), false));
  }
  for (const pattern of [`${'%a'.repeat(50)}b`, `${'%_'.repeat(40)}b`, '%aaaaaaaaaaaaaaaaaaaaaaab%']) {
    withinLimit(`LIKE ${pattern.slice(0, 20)}…`, () => assert.equal(call('LIKE', [TEXT, pattern]), false));
  }
  for (const bad of [
    '['.repeat(20_000),
    '('.repeat(20_000),
    'a{1000}{1000}{1000}',
    '(?=a)'.repeat(2_000),
    '\\'.repeat(9_999),
  ]) {
    withinLimit(`a bad pattern ${bad.slice(0, 12)}…`, () => call('REGEXP', ['a', bad]));
  }
});

test('LIKE takes its escape character as a character', () => {
  for (const mark of ["'", '"', '\\', '`', '$', '/']) {
    assert.equal(call('LIKE', ['50%', `50${mark}%`, mark]), true, mark);
    assert.equal(call('LIKE', ['500', `50${mark}%`, mark]), false, mark);
  }
  const evil = "');process.exit(1);//";
  assert.equal(call('LIKE', [evil, evil]), true);
  assert.equal(call('SIMILAR TO', ["'+process.exit(1)+'", "'+process.exit(1)+'"]), false);
});
