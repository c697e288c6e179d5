import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDuration } from '../../../src/core/quantity.ts';

describe('parseDuration', () => {
  it('reads the units of Flink’s options', () => {
    assert.equal(parseDuration('10 s'), 10_000);
    assert.equal(parseDuration('5min'), 300_000);
    assert.equal(parseDuration('250'), 250);
    assert.equal(parseDuration('1 day'), 86_400_000);
    assert.equal(parseDuration('soon'), null);
    assert.equal(parseDuration('1 fortnight'), null);
  });
});
