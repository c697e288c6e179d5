/**
 * Tests the table of a SELECT on a terminal: rows appear as they come, and no line is wider than
 * the terminal.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import type { Batch } from '../../../src/batch/batch.ts';
import { INSERT, UPDATE_AFTER } from '../../../src/batch/batch.ts';
import { BatchBuilder } from '../../../src/batch/batch-builder.ts';
import { layTable } from '../../../src/cli/output/table-layout.ts';
import { TableWriter } from '../../../src/cli/output/table-writer.ts';
import { INT, STRING } from '../../../src/core/data-type.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const FIELDS = [
  { name: 'id', type: INT },
  { name: 'note', type: STRING },
];

function batchOf(rows: readonly (readonly [number, string])[], kind = INSERT): Batch {
  let made: Batch | null = null;
  const builder = new BatchBuilder([INT, STRING], 100, (batch) => {
    made = batch;
  });
  for (const [id, note] of rows) {
    const row = builder.row(kind);
    builder.set(0, row, id);
    builder.set(1, row, note);
  }
  builder.flush();
  return made!;
}

function tableOf(columns: number | null, changes = false) {
  const clock = new ManualClock();
  let text = '';
  const writer = new TableWriter(FIELDS, { changes, columns, clock }, (part) => {
    text += stripVTControlCharacters(part);
  });
  return { clock, writer, lines: () => text.split('\n').slice(0, -1) };
}

test('rows appear a moment after they came, in one table', async () => {
  const { clock, writer, lines } = tableOf(80);
  writer.write(batchOf([[1, 'one']]));
  assert.deepEqual(lines(), []);
  await clock.advance(150);
  assert.deepEqual(lines(), ['┌────┬──────┐', '│ id │ note │', '├────┼──────┤', '│  1 │ one  │']);
  writer.write(batchOf([[2, 'two']]));
  await clock.advance(150);
  assert.deepEqual(lines().slice(4), ['│  2 │ two  │']);
  await writer.close();
  assert.deepEqual(lines().slice(5), ['└────┴──────┘', '2 rows']);
});

test('a row that needs wider columns begins a new table', async () => {
  const { clock, writer, lines } = tableOf(80);
  writer.write(batchOf([[1, 'one']]));
  await clock.advance(150);
  writer.write(batchOf([[2, 'a longer note']]));
  await writer.close();
  assert.deepEqual(lines().slice(4), [
    '└────┴──────┘',
    '┌────┬───────────────┐',
    '│ id │ note          │',
    '├────┼───────────────┤',
    '│  2 │ a longer note │',
    '└────┴───────────────┘',
    '2 rows',
  ]);
});

test('a table is not wider than the terminal, and says what shows the whole values', async () => {
  const { writer, lines } = tableOf(30);
  writer.write(batchOf([[1, 'a note that is much longer than the terminal is wide']]));
  await writer.close();
  for (const line of lines().slice(0, -1)) assert.ok(stringWidth(line) <= 30, line);
  assert.match(lines().at(-2 - 1)!, /^│ {2}1 │ a note that is m.*… │$/);
  assert.equal(lines().at(-1), '1 row; values or columns that do not fit are cut, --output jsonl shows all');
});

test('a result with changes has the op of each row', async () => {
  const { writer, lines } = tableOf(80, true);
  writer.write(batchOf([[1, 'one']]));
  writer.write(batchOf([[1, 'two']], UPDATE_AFTER));
  await writer.close();
  assert.deepEqual(lines().slice(1, 5), [
    '│ op │ id │ note │',
    '├────┼────┼──────┤',
    '│ +I │  1 │ one  │',
    '│ +U │  1 │ two  │',
  ]);
});

test('an empty result has its head', async () => {
  const { writer, lines } = tableOf(80);
  await writer.close();
  assert.deepEqual(lines(), ['┌────┬──────┐', '│ id │ note │', '└────┴──────┘', '0 rows']);
});

test('many columns are narrowed, and those without a place are left out', () => {
  const rows = [Array.from({ length: 30 }, (_, i) => `column${i}`)];
  for (const available of [20, 40, 80, 120, 200]) {
    const { widths, shown } = layTable(rows, available);
    assert.equal(widths.length, shown);
    assert.ok(widths.reduce((a, b) => a + b + 1, 1) <= available, `${available}: ${widths.join()}`);
  }
  assert.equal(layTable(rows, null).shown, 30);
});

test('wide characters have two places', () => {
  assert.equal(stringWidth('日本'), 4);
  assert.equal(stringWidth('e\u0301'), 1);
});
