/** A program of a user of the packed package: a pattern over an async iterable, in 20 lines. */
import { run } from 'sequitur';

interface Payment {
  readonly at: Date;
  readonly card: string;
  readonly amount: number;
}
async function* payments(): AsyncGenerator<Payment> {
  yield { at: new Date('2026-11-02T09:00:00Z'), card: '4711', amount: 1.2 };
  yield { at: new Date('2026-11-02T09:03:00Z'), card: '0815', amount: 700 };
  yield { at: new Date('2026-11-02T09:04:30Z'), card: '4711', amount: 1899 };
}
const sql = `CREATE TABLE payments (at TIMESTAMP_LTZ(3), card STRING, amount DOUBLE, WATERMARK FOR at AS at)
    WITH ('connector' = 'datagen');
  SELECT * FROM payments MATCH_RECOGNIZE (PARTITION BY card ORDER BY at MEASURES B.amount AS big
    PATTERN (A B) WITHIN INTERVAL '10' MINUTE DEFINE A AS amount < 2, B AS amount > 500) AS m;`;
await using program = await run(sql, { inputs: { payments: payments() } });
for await (const { card, big } of program.rows<{ card: string; big: number }>()) console.log(card, big.toFixed(2));
