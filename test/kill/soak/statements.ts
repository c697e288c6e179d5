import fs from 'node:fs';
import path from 'node:path';
import { visibleLines } from '../workload.ts';
import type { Soak } from './disturbances.ts';
import { expectStatus, persistent, waitFor } from './persistent-request.ts';
import { Interrupted, type Reply, type SoakService } from './soak-service.ts';

const SHORT_ROWS = 500;
/** How many of the rows the short job writes: every third number. */
const SHORT_OUTPUT = Math.ceil(SHORT_ROWS / 3);

/** The tables that must be there, by the statements that the service acknowledged. */
export class KnownTables {
  readonly sure = new Set<string>(['payments', 'visits', 'copy']);
  /** Tables of statements whose answer a kill has cut off. */
  readonly unsure = new Set<string>();
  number = 0;
}

/** Writes the bounded file that the short jobs read. */
export function writeShortInput(file: string): void {
  fs.writeFileSync(file, Array.from({ length: SHORT_ROWS }, (_, n) => `{"n":${n}}\n`).join(''));
}

const submit = (service: SoakService, sql: string): Promise<Reply> =>
  service.request('POST', '/v1/statements', { sql });

/** Submits a text that creates or drops tables, and remembers what is sure afterwards. */
async function define({ service, tables }: Soak, sql: string, names: readonly string[], there: boolean): Promise<void> {
  for (const name of names) {
    tables.unsure.add(name);
    tables.sure.delete(name);
  }
  const reply = await submit(service, sql);
  expectStatus(sql.slice(0, 60), reply, 200);
  for (const name of names) {
    tables.unsure.delete(name);
    if (there) tables.sure.add(name);
  }
}

/** A job over HTTP that ends by itself, with tables of its own. */
export async function runShortJob(soak: Soak): Promise<void> {
  const { service, tables, output } = soak;
  const number = ++tables.number;
  const source = `short_in_${number}`;
  const sink = `short_out_${number}`;
  const job = `/v1/jobs/statement.${sink}`;
  const folder = path.join(output, sink);
  try {
    const sql = `CREATE TABLE ${source} (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'data/short.jsonl', 'format' = 'json');
CREATE TABLE ${sink} (n BIGINT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${folder}', 'format' = 'json');
INSERT INTO ${sink} SELECT n, CAST(n AS STRING) || ':${number}' FROM ${source} WHERE MOD(n, 3) = 0;`;
    await define(soak, sql, [source, sink], true);
    await waitFor(service, job, (answer) => (answer as { state: string }).state === 'FINISHED');
    const lines = visibleLines(folder).length;
    if (lines !== SHORT_OUTPUT) soak.report(`${sink} has ${lines} rows instead of ${SHORT_OUTPUT}`);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  // 404: the statement did not take effect, or an earlier life has deleted the job.
  expectStatus(`deletion of ${sink}`, await persistent(service, 'DELETE', job), 204, 404);
  for (;;) {
    try {
      await define(soak, `DROP TABLE IF EXISTS ${source}; DROP TABLE IF EXISTS ${sink};`, [source, sink], false);
      break;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Statements that change nothing, right and wrong ones; and whether all known tables are there. */
export async function askQuestions({ service, tables, report }: Soak): Promise<void> {
  try {
    const rows = await submit(service, 'SHOW TABLES');
    expectStatus('SHOW TABLES', rows, 200);
    const [{ rows: names }] = (JSON.parse(rows.text) as { statements: [{ rows: [string][] }] }).statements;
    const there = new Set(names.map(([name]) => name));
    for (const name of tables.sure) if (!there.has(name)) report(`the acknowledged table ${name} is lost`);
    for (const name of there)
      if (!tables.sure.has(name) && !tables.unsure.has(name)) report(`the table ${name} was dropped, and is there`);
    const explained = await submit(service, 'EXPLAIN SELECT card, COUNT(*) AS n FROM payments GROUP BY card');
    expectStatus('EXPLAIN', explained, 200);
    expectStatus('a wrong column', await submit(service, 'SELECT cart FROM payments'), 422);
    expectStatus('a wrong text', await submit(service, 'SELECT FROM WHERE ('), 422);
    const preview = await submit(service, 'SELECT id, card FROM payments WHERE id < 20');
    expectStatus('SELECT', preview, 200);
    const [{ id }] = (JSON.parse(preview.text) as { statements: [{ id: string }] }).statements;
    expectStatus('the preview', await service.request('GET', `/v1/jobs/${id}`), 200);
    expectStatus('the end of the preview', await service.request('DELETE', `/v1/jobs/${id}`), 204);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

/** Wrong tokens are refused, and the right one is accepted in between. */
export async function sendWrongTokens({ service, random }: Soak): Promise<void> {
  try {
    for (let i = 0; i < 15; i++) {
      const wrong = await service.request('GET', '/v1/jobs', undefined, `wrong-${random.below(1e9)}`);
      expectStatus('a wrong token', wrong, 401, 429);
      if (i % 5 === 4) expectStatus('the right token', await service.request('GET', '/v1/jobs'), 200);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}
