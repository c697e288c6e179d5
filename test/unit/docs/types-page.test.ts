/** Checks what docs/types.md says about ranges and implicit casts. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answerOf } from '../../../scripts/reference/run-example.ts';
import { CAST_TYPES } from '../../../scripts/reference/types/casts.ts';
import { TYPE_GROUPS } from '../../../scripts/reference/types/type-entries.ts';
import { canStore } from '../../../src/compiler/typecheck/store-rules.ts';
import { implicitCast } from '../../../src/functions/common-type.ts';

it('gives the range of every integer type', async () => {
  const ranges = TYPE_GROUPS.flatMap(({ entries }) => entries).filter(({ range }) => range !== undefined);
  assert.equal(ranges.length, 4);
  for (const { type, range } of ranges) {
    const [least, greatest] = range!;
    const values = [least - 1n, least, greatest, greatest + 1n];
    const example = `ARRAY[${values.map((value) => `TRY_CAST('${value}' AS ${type})`).join(', ')}]`;
    const { text } = await answerOf({ title: '', entries: [] }, { calls: [], example });
    assert.equal(text, `[NULL, ${least}, ${greatest}, NULL]`);
  }
});

it('has one table of implicit casts for arguments and for INSERT', () => {
  for (const [from, fromType] of CAST_TYPES) {
    for (const [to, toType] of CAST_TYPES)
      assert.equal(canStore(fromType, toType), implicitCast(fromType, toType), `${from} to ${to}`);
  }
});
