import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import type { PatternPlace } from '../soak/pattern-changes.ts';
import { expectStatus } from '../soak/persistent-request.ts';
import { PATTERN_NAMES, SOAK_JOBS } from '../soak/soak-jobs.ts';
import type { SoakService } from '../soak/soak-service.ts';
import type { Ledger } from './ledger.ts';

/** What the steps of a life need. */
export interface Stage {
  readonly service: SoakService;
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  readonly patterns: PatternPlace;
  /** The folder of the sinks. */
  readonly output: string;
  /** Counts the names that the steps use. */
  names: number;
}

const STEPS = [createTable, dropTable, submitJob, takeSavepoint, stopAndStart, changePattern];

/** Sends statements and other requests until the service ends, and writes what it acknowledged. */
export async function stepUntilTheEnd(stage: Stage): Promise<void> {
  for (;;) {
    await sleep(stage.random.below(150));
    await stage.random.oneOf(STEPS)(stage);
  }
}

/** Submits a text. The facts are unsure until the service has answered. */
async function submit<T>({ service }: Stage, sql: string, known: Map<string, T | 'unsure'>, name: string, fact: T) {
  known.set(name, 'unsure');
  expectStatus(sql, await service.request('POST', '/v1/statements', { sql }), 200);
  known.set(name, fact);
}

const table = (name: string, folder: string): string =>
  `CREATE TABLE ${name} (n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${folder}', 'format' = 'json');`;

async function createTable(stage: Stage): Promise<void> {
  const name = `t_${++stage.names}`;
  await submit(stage, table(name, `data/${name}`), stage.ledger.tables, name, true);
}

async function dropTable(stage: Stage): Promise<void> {
  const there = [...stage.ledger.tables].flatMap(([name, known]) =>
    known === true && name.startsWith('t_') ? [name] : [],
  );
  if (there.length === 0) return;
  const name = stage.random.oneOf(there);
  await submit(stage, `DROP TABLE ${name};`, stage.ledger.tables, name, false);
}

/** A job that reads a short file and ends. */
async function submitJob(stage: Stage): Promise<void> {
  const number = ++stage.names;
  const sink = `short_${number}`;
  const sql = `${table(`in_${number}`, 'data/short.jsonl')}
${table(sink, `${stage.output}/${sink}`)}
INSERT INTO ${sink} SELECT n FROM in_${number};`;
  await submit(stage, sql, stage.ledger.jobs, `statement.${sink}`, 'runs');
}

async function takeSavepoint({ service, ledger, random, ...stage }: Stage): Promise<void> {
  const job = random.oneOf(SOAK_JOBS);
  const at = `/v1/jobs/${job}/savepoints`;
  const name = `s-${random.below(1e9)}-${stage.names}`;
  const asked = await service.request('POST', at, { name });
  // 404: the job's pattern has not started yet. 409: the job does not run at the moment.
  if (asked.status === 404 || asked.status === 409) return;
  expectStatus(`savepoint of ${job}`, asked, 202);
  for (;;) {
    const reply = await service.request('GET', `${at}/${name}`);
    expectStatus(`savepoint of ${job}`, reply, 200);
    const { state } = JSON.parse(reply.text) as { state: string };
    if (state === 'COMPLETED') ledger.savepoints.push([job, name]);
    if (state !== 'IN_PROGRESS') return;
    await sleep(20);
  }
}

async function stopAndStart({ service, ledger, random }: Stage): Promise<void> {
  const job = random.oneOf(['statement.visits', 'statement.copy']);
  const ask = async (what: 'stop' | 'start', known: 'stopped' | 'runs'): Promise<void> => {
    ledger.jobs.set(job, 'unsure');
    expectStatus(`${what} of ${job}`, await service.request('POST', `/v1/jobs/${job}/${what}`), 200);
    ledger.jobs.set(job, known);
  };
  if (ledger.jobs.get(job) === 'runs') await ask('stop', 'stopped');
  await sleep(random.below(300));
  await ask('start', 'runs');
}

/** Nobody acknowledges a change of a file. The jobs stop, and go on from a checkpoint. */
async function changePattern({ random, patterns }: Stage): Promise<void> {
  patterns.change(random.oneOf(PATTERN_NAMES));
  await sleep(200);
}
