import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { didYouMean, nearest } from '../../../src/core/did-you-mean.ts';

describe('didYouMean', () => {
  it('finds misspellings, swapped letters and another case', () => {
    assert.equal(didYouMean('usr_id', ['id', 'user_id', 'users']), 'did you mean `user_id`?');
    assert.equal(nearest('auctoin', ['auction', 'bidder']), 'auction');
    assert.equal(nearest('V', ['v', 'w']), 'v');
  });

  it('gives no hint if no name is similar', () => {
    assert.equal(nearest('nothing', ['auction', 'price']), undefined);
    assert.equal(nearest('X', ['A', 'B']), undefined);
    assert.equal(nearest('x', []), undefined);
  });
});
