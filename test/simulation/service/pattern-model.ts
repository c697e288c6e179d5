import type { Service } from '../../../src/service/service.ts';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import type { SimulatedFolder } from './simulated-folder.ts';
import { Violation } from './violation.ts';

interface Version {
  readonly number: number;
  readonly broken: boolean;
  /** The job of this version was stopped by a client. `maybe`: a request has no answer. */
  stopped: 'yes' | 'no' | 'maybe';
  /** How often the file had been misread when the version was written. */
  readonly misreads: number;
  /** Requests without an answer, and whether some of them were open at the same time. */
  open: number;
  overlap: boolean;
}

const NAMES = ['alpha', 'beta', 'gamma'] as const;
const ENDED: readonly string[] = ['SUSPENDED', 'FINISHED', 'CANCELED', 'FAILED'];
/** The number of a version in the text and in the plan of its job. */
const MARK = 7_000_000;

/** What people put into the folder of patterns, and which jobs must follow from that. */
export class PatternModel {
  readonly #folder: SimulatedFolder;
  readonly #versions = new Map<string, Version>();
  #count = 0;

  constructor(folder: SimulatedFolder) {
    this.#folder = folder;
  }

  /** Somebody changes the folder. */
  change(random: SeededRandom): void {
    const name = random.oneOf(NAMES);
    if (this.#versions.has(name) && random.chance(0.25)) {
      this.#versions.delete(name);
      this.#folder.remove(name);
      return;
    }
    const number = ++this.#count;
    const broken = random.chance(0.2);
    const misreads = this.#misreadsOf(name);
    this.#versions.set(name, { number, broken, stopped: 'no', misreads, open: 0, overlap: false });
    const sink = `out${number % 2}`;
    const text = `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen');
CREATE TABLE ${sink} (n BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO ${sink} SELECT n + ${MARK + number} FROM numbers;`;
    this.#folder.write(name, broken ? text.replace('FROM', 'FORM') : text);
  }

  #misreadsOf(name: string): number {
    return this.#folder.misreads.get(name) ?? 0;
  }

  /** The service has died, so open requests get no answer. */
  restarted(): void {
    for (const version of this.#versions.values()) Object.assign(version, { open: 0, overlap: false });
  }

  static owns(id: string): boolean {
    return NAMES.some((name) => id.startsWith(`${name}.`));
  }

  /** A client stops or starts the job of a pattern. Returns the function that takes the answer. */
  asked(kind: 'stop' | 'start', id: string, service: Service): (acknowledged: boolean) => void {
    const version = this.#versions.get(id.split('.')[0]!);
    if (version === undefined || numberOf(service, id) !== version.number) return () => {};
    version.stopped = 'maybe';
    version.overlap ||= version.open > 0;
    version.open++;
    return (acknowledged) => {
      // The answers of requests that overlap do not tell which one took effect last.
      if (acknowledged && !version.overlap) version.stopped = kind === 'stop' ? 'yes' : 'no';
      if (--version.open === 0) version.overlap = false;
    };
  }

  /** Returns what differs from the folder, some time after its last change. Null: nothing. */
  difference(service: Service): string | null {
    const patterns = service.patterns();
    const names = [...this.#versions.keys()].sort().join();
    if (patterns.map(({ name }) => name).join() !== names) return `the patterns are not ${names}`;
    const owned = new Map<string, string>();
    for (const { name, state, jobs, problem } of patterns) {
      const version = this.#versions.get(name)!;
      for (const id of jobs) owned.set(id, name);
      // The version before goes on until the file changes.
      if (state === 'broken' && problem?.includes('cannot be started') === true) continue;
      if ((state === 'broken') !== version.broken) return `${name} is ${state}, but broken: ${version.broken}`;
      if (version.broken) continue;
      const id = `${name}.out${version.number % 2}`;
      if (jobs.join() !== id) return `${name} has the jobs ${jobs.join()} instead of ${id}`;
      if (numberOf(service, id) !== version.number) return `${id} runs another version than ${version.number}`;
      const job = service.job(id)!;
      // A misread text is another version. The right text then begins the version again.
      const stopped = version.misreads === this.#misreadsOf(name) ? version.stopped : 'maybe';
      if (stopped === 'yes' && !ENDED.includes(job.state)) return `${id} was stopped, but is ${job.state}`;
      if (stopped === 'no' && job.state === 'SUSPENDED') return `nobody stopped ${id}`;
      if (job.state === 'CREATED') return `${id} never starts`;
    }
    const strange = service.jobs().find(({ id }) => PatternModel.owns(id) && !owned.has(id));
    return strange === undefined ? null : `no pattern has the job ${strange.id}`;
  }

  /** Throws if the jobs differ from the folder. */
  check(service: Service): void {
    const difference = this.difference(service);
    if (difference !== null) throw new Violation(difference);
  }
}

/** Returns the number of the version that a job runs. */
function numberOf(service: Service, id: string): number | null {
  const found = /70\d{5}/.exec(JSON.stringify(service.job(id)?.plan ?? ''))?.[0];
  return found === undefined ? null : Number(found) - MARK;
}
