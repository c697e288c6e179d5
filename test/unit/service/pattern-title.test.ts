import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleOf } from '../../../src/service/patterns/pattern-title.ts';

test('the title of a pattern is the first sentence of its comment, not its first line', () => {
  assert.equal(titleOf('-- One line\nSELECT 1;'), 'One line');
  assert.equal(
    titleOf('\n\n--- Three failures, and then\n--- a success. More text.\n'),
    'Three failures, and then a success. More text.',
  );
  assert.equal(titleOf('-- A sentence.\n-- Another one.\nSELECT 1;'), 'A sentence.');
  assert.equal(titleOf('--\n-- After an empty line\n--\n-- Not this\nSELECT 1;'), 'After an empty line');
  assert.equal(titleOf('/*\n * In a block,\n * two lines\n */\nSELECT 1;'), 'In a block, two lines');
  assert.equal(titleOf('/* short */ SELECT 1;'), 'short');
  assert.equal(titleOf('SELECT 1; -- no title'), null);
  const long = 'word '.repeat(100).trim();
  assert.equal(titleOf(`-- ${long}\nSELECT 1;`), long);
});
