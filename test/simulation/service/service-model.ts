import type { EngineError } from '../../../src/core/engine-error.ts';
import type { Service } from '../../../src/service/service.ts';
import type { JobState } from '../../../src/service/service-api.ts';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { PatternModel } from './pattern-model.ts';
import { Violation } from './violation.ts';

/** The expected existence of a table or job: `maybe` while a request or a crash left it open. */
type Existence = 'yes' | 'no' | 'maybe';
/** What a job must do after a restart. */
type Target = 'runs' | 'ended' | 'maybe';

export interface Request {
  readonly text: string;
  readonly kind: 'create' | 'drop' | 'insert' | 'stop' | 'start' | 'delete';
  readonly name: string;
  send(service: Service): Promise<unknown>;
}

const ENDED: readonly JobState[] = ['SUSPENDED', 'FINISHED', 'CANCELED', 'FAILED'];

/** What a client may rely on: that which was acknowledged. */
export class ServiceModel {
  readonly #tables = new Map<string, Existence>();
  readonly #jobs = new Map<string, { exists: Existence; target: Target; state: JobState | null }>();
  readonly #open = new Set<Request>();
  /** What a write that is in doubt was about. Only a restart shows what became of it. */
  readonly #doubtful = new Set<string>();
  #numbers = 0;

  randomRequest(random: SeededRandom, service: Service): Request {
    const ids = service.jobs().flatMap(({ id }) => (PatternModel.owns(id) ? [] : [id]));
    const submit = (sql: string) => (to: Service) => to.submit(sql);
    const tables = [...this.#tables].flatMap(([name, exists]) => (exists === 'yes' ? [name] : []));
    const busy = new Set([...this.#open].map(({ name }) => name));
    const choice = random.below(6);
    const id = ids.length === 0 ? null : random.oneOf(ids);
    if (id !== null && !busy.has(id)) {
      if (choice === 0) return { kind: 'stop', name: id, text: `stop ${id}`, send: (to) => to.stopJob(id) };
      if (choice === 1) return { kind: 'start', name: id, text: `start ${id}`, send: (to) => to.startJob(id) };
      if (choice === 2) return { kind: 'delete', name: id, text: `delete ${id}`, send: (to) => to.deleteJob(id) };
    }
    const number = ++this.#numbers;
    const table = tables.length === 0 ? null : random.oneOf(tables);
    if (choice === 3 && table !== null && !busy.has(table)) {
      return { kind: 'drop', name: table, text: `drop ${table}`, send: submit(`DROP TABLE ${table};`) };
    }
    if (choice === 4) {
      const name = `t${number}`;
      const sql = `CREATE TABLE ${name} (n BIGINT) WITH ('connector' = 'blackhole');`;
      return { kind: 'create', name, text: `create ${name}`, send: submit(sql) };
    }
    const name = `j${number}`;
    const sql = `CREATE TABLE IF NOT EXISTS numbers (n BIGINT) WITH ('connector' = 'datagen');
CREATE TABLE IF NOT EXISTS nowhere (n BIGINT) WITH ('connector' = 'blackhole');
SET 'pipeline.name' = '${name}'; INSERT INTO nowhere SELECT n FROM numbers;`;
    return { kind: 'insert', name, text: `insert ${name}`, send: submit(sql) };
  }

  begins(request: Request): void {
    this.#open.add(request);
    const { kind, name } = request;
    if (kind === 'create' || kind === 'drop') this.#tables.set(name, 'maybe');
    else if (kind === 'insert') this.#jobs.set(name, { exists: 'maybe', target: 'maybe', state: null });
    else {
      const job = this.#jobs.get(name)!;
      job.target = 'maybe';
      job.state = null;
      if (kind === 'delete') job.exists = 'maybe';
    }
  }

  acknowledged(request: Request): void {
    if (!this.#open.delete(request)) return;
    const { kind, name } = request;
    if (kind === 'create' || kind === 'drop') this.#tables.set(name, kind === 'create' ? 'yes' : 'no');
    else if (kind === 'delete') this.#jobs.set(name, { exists: 'no', target: 'maybe', state: null });
    else if (kind === 'insert') this.#jobs.get(name)!.exists = 'yes';
    // After the end of its thread is stored, `observe` sees the state of the job.
    else this.#jobs.get(name)!.target = kind === 'stop' ? 'ended' : 'maybe';
  }

  refused(request: Request, { code, message }: EngineError): void {
    if (!this.#open.delete(request)) return;
    const { kind, name } = request;
    if (/in doubt/.test(message)) this.#doubtful.add(name);
    if (this.#doubtful.has(name)) return;
    if (kind === 'create' || kind === 'drop') this.#tables.set(name, kind === 'create' ? 'no' : 'yes');
    else if (kind === 'insert') this.#jobs.set(name, { exists: 'no', target: 'maybe', state: null });
    else if (kind === 'delete' && code === 'STATE_STORE') this.#jobs.get(name)!.exists = 'yes';
  }

  /** Between two events: remembers the ends of jobs, which are stored by now. */
  observe(service: Service): void {
    const { problems } = service.health();
    const tables = service.tableNames();
    for (const [name, exists] of this.#tables) {
      if (exists === 'maybe' || this.#doubtful.has(name)) continue;
      if (tables.includes(name) !== (exists === 'yes'))
        throw new Violation(`the table ${name} should exist: ${exists}`);
    }
    const notStored = problems.find((text) => text.includes('end is not stored')) ?? '';
    const busy = new Set([...this.#open].map(({ name }) => name));
    for (const { id, state } of service.jobs()) {
      const job = this.#jobs.get(id);
      if (job === undefined || busy.has(id) || this.#doubtful.has(id)) continue;
      const waits = notStored.split(/[ ,]+/).includes(id);
      if (waits && state !== 'FAILED') throw new Violation(`the end of ${id} is not stored, but it is ${state}`);
      job.state = ENDED.includes(state) && !waits ? state : null;
      if (job.target !== 'ended' || !ENDED.includes(state))
        job.target = waits ? 'maybe' : ENDED.includes(state) ? 'ended' : 'runs';
    }
  }

  /**
   * Checks what the service knows after a restart. `diedIn`: the names of the jobs whose end it
   * stored, or was storing, in the moment when it died.
   */
  restarted(service: Service, diedIn: readonly string[]): void {
    this.#open.clear();
    this.#doubtful.clear();
    for (const id of diedIn) Object.assign(this.#jobs.get(id)!, { target: 'maybe', state: null });
    const jobs = new Map(service.jobs().map((job) => [job.id, job]));
    for (const [id, expected] of this.#jobs) {
      const found = jobs.get(id);
      if (expected.exists === 'yes' && found === undefined) throw new Violation(`the job ${id} is lost`);
      if (expected.exists === 'no' && found !== undefined) throw new Violation(`the job ${id} is back`);
      if (found === undefined) {
        expected.exists = 'no';
        continue;
      }
      expected.exists = 'yes';
      const ended = ENDED.includes(found.state);
      if (expected.target === 'ended' && !ended) throw new Violation(`the job ${id} had ended, and is ${found.state}`);
      if (expected.target === 'runs' && ended) throw new Violation(`the job ${id} should run, and is ${found.state}`);
      if (expected.state !== null && found.state !== expected.state) {
        throw new Violation(`the job ${id} was ${expected.state}, and is ${found.state}`);
      }
      expected.target = ended ? 'ended' : 'runs';
    }
    for (const id of jobs.keys())
      if (!this.#jobs.has(id) && !PatternModel.owns(id)) throw new Violation(`nobody submitted the job ${id}`);
    const tables = service.tableNames();
    for (const [name, expected] of this.#tables) {
      const exists = tables.includes(name);
      if (expected === 'yes' && !exists) throw new Violation(`the table ${name} is lost`);
      if (expected === 'no' && exists) throw new Violation(`the table ${name} is back`);
      this.#tables.set(name, exists ? 'yes' : 'no');
    }
  }
}
