import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compileProgram, ManualClock, run } from '../../../src/index.ts';

const table = (options: string): string =>
  `CREATE TABLE t (n INT, at TIMESTAMP(3)) WITH ('connector' = 'datagen', ${options}); SELECT n, at FROM t;`;

const messagesOf = (options: string): string[] =>
  compileProgram(table(options)).diagnostics.map(({ message, hint }) => `${message} (${hint})`);

it('datagen refuses a value of the wrong type in an option of a column', () => {
  assert.match(messagesOf("'fields.n.min' = 'few'").join(), /option 'fields\.n\.min' is a number, not 'few'/);
  assert.match(messagesOf("'fields.n.kind' = 'counted'").join(), /is one of 'random', 'sequence'/);
  assert.match(messagesOf("'fields.at.max-past' = 'long'").join(), /is a duration/);
  assert.match(messagesOf("'fields.n.size' = '1'").join(), /has no option 'fields\.n\.size'/);
});

it('datagen refuses an option of a column that the table does not have', () => {
  assert.deepEqual(messagesOf("'fields.m.min' = '1'"), [
    "option 'fields.m.min': the table has no column `m` (columns: n, at)",
  ]);
  assert.deepEqual(messagesOf("'fields.n.min' = '1'"), []);
});

it('datagen reads max-past as a duration, as Flink does', async () => {
  const clock = new ManualClock(new Date('2026-03-01T12:00:00Z'));
  await using program = await run(table("'number-of-rows' = '50', 'fields.at.max-past' = '1 h'"), { clock });
  const times: string[] = [];
  for await (const { at } of program.rows()) times.push(at as string);
  assert.ok(times.every((time) => time >= '2026-03-01 11:00:00' && time <= '2026-03-01 12:00:00'));
  assert.ok(new Set(times).size > 10);
});

it('datagen refuses numbers that make no sense', async () => {
  assert.match(messagesOf("'rows-per-second' = '0'").join(), /is at least 1, not '0'/);
  assert.match(messagesOf("'fields.n.null-rate' = '2'").join(), /is at most 1, not '2'/);
  assert.match(messagesOf("'fields.n.length' = '-1'").join(), /is at least 0, not '-1'/);
  await assert.rejects(run(table("'fields.n.min' = '3', 'fields.n.max' = '2'")), /'fields\.n\.min' is greater/);
});

it('datagen refuses types that it has no values for', async () => {
  const text = (type: string, options: string): string =>
    `CREATE TABLE t (a ${type}) WITH ('connector' = 'datagen'${options}); SELECT a FROM t;`;
  await assert.rejects(run(text('ARRAY<INT>', '')), /column a: values of the type ARRAY<INT>/);
  await assert.rejects(run(text('BOOLEAN', ", 'fields.a.kind' = 'sequence'")), /a sequence of BOOLEAN/);
});

it('datagen counts whole numbers in a sequence of DECIMAL', async () => {
  const text = `CREATE TABLE t (d DECIMAL(10, 2), e DECIMAL(20, 1)) WITH (
    'connector' = 'datagen', 'fields.d.kind' = 'sequence', 'fields.d.start' = '1', 'fields.d.end' = '2',
    'fields.e.kind' = 'sequence');
    SELECT d, e FROM t;`;
  await using program = await run(text);
  const rows: unknown[] = [];
  for await (const row of program.rows()) rows.push(row);
  assert.deepEqual(rows, [
    { d: '1.00', e: '0.0' },
    { d: '2.00', e: '1.0' },
  ]);
});
