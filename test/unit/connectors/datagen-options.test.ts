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
