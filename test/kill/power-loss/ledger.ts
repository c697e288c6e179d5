import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, waitFor } from '../soak/persistent-request.ts';
import type { SoakService } from '../soak/soak-service.ts';

/** A busy machine starts jobs slowly. */
const STATE_MS = 30_000;

/** What is known of a fact: the service has acknowledged it, or a request was cut off. */
type Known<T> = T | 'unsure';

/** What the service has acknowledged. After every start all of it must be there. */
export class Ledger {
  /** Whether a table is there. */
  readonly tables = new Map<string, Known<boolean>>();
  /** Whether a job runs, or was stopped. */
  readonly jobs = new Map<string, Known<'runs' | 'stopped'>>();
  /** The completed savepoints: job and name. */
  readonly savepoints: (readonly [job: string, name: string])[] = [];

  /** Returns the acknowledged facts that the service does not know any more. */
  async missing(service: SoakService): Promise<readonly string[]> {
    const wrong: string[] = [];
    const reply = await service.request('POST', '/v1/statements', { sql: 'SHOW TABLES' });
    expectStatus('SHOW TABLES', reply, 200);
    const [{ rows }] = (JSON.parse(reply.text) as { statements: [{ rows: [string][] }] }).statements;
    const there = new Set(rows.map(([name]) => name));
    for (const [table, known] of this.tables)
      if (known !== 'unsure' && known !== there.has(table))
        wrong.push(`the table ${table} is ${there.has(table) ? 'there again' : 'lost'}`);
    for (const [job, known] of this.jobs)
      if (known !== 'unsure') wrong.push(...(await wrongState(service, job, known)));
    for (const [job, name] of this.savepoints) {
      const status = await statusOfSavepoint(service, job, name);
      if (status !== 200) wrong.push(`the savepoint ${name} of ${job} is lost: status ${status}`);
    }
    return wrong;
  }
}

/** A pattern's job is known only when its file is compiled, some time after the start. */
async function statusOfSavepoint(service: SoakService, job: string, name: string): Promise<number> {
  for (const until = performance.now() + STATE_MS; ; await sleep(100)) {
    const found = await service.request('GET', `/v1/jobs/${job}`);
    const { status } = await service.request('GET', `/v1/jobs/${job}/savepoints/${name}`);
    if (status === 200 || found.status === 200 || performance.now() > until) return status;
  }
}

async function wrongState(service: SoakService, job: string, known: 'runs' | 'stopped'): Promise<readonly string[]> {
  const wanted = known === 'stopped' ? ['SUSPENDED'] : ['RUNNING', 'FINISHED'];
  const { status } = await service.request('GET', `/v1/jobs/${job}`);
  if (status === 404) return [`the job ${job} is lost`];
  try {
    await waitFor(
      service,
      `/v1/jobs/${job}`,
      (answer) => wanted.includes((answer as { state: string }).state),
      STATE_MS,
    );
    return [];
  } catch (error) {
    // The caller notices that the service has ended.
    await service.request('GET', '/health');
    return [`${job}, which ${known}: ${(error as Error).message}`];
  }
}
