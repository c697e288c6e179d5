import { partitionPoint } from '../../src/engine/subtask/partition-point.ts';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { checkClosure, newestManifest } from './closure-check.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { CHECKPOINTS, type LifeOptions, OUTPUT, SimulatedLife } from './simulated-life.ts';
import { SimulatedServer } from './simulated-objects.ts';
import { randomWorkload, type Workload } from './workloads.ts';
import { SimulatedProcess, World } from './world.ts';

export interface SeedVerdict {
  readonly seed: number;
  /** The choices of the seed. */
  readonly scenario: string;
  /** Null: no violation. */
  readonly violation: string | null;
  readonly trace: readonly string[];
  readonly traceHash: string;
  readonly happened: number;
}

class Violation extends Error {}

const MOST_STEPS = 300_000;
const CALM_LIVES = 12;

/**
 * Runs one job through all faults of the seed. Then the faults end, and the job must finish with
 * exactly the output of a run without faults.
 */
export async function simulateSeed(seed: number, keepTrace = false): Promise<SeedVerdict> {
  const run = new SeedRun(seed, keepTrace);
  let violation: string | null = null;
  try {
    await run.run();
  } catch (error) {
    violation = error instanceof Violation ? error.message : (error as Error).stack!;
  }
  const { world } = run;
  return {
    seed,
    scenario: run.scenario,
    violation,
    trace: world.trace,
    traceHash: world.traceHash(),
    happened: world.happened,
  };
}

class SeedRun {
  readonly world: World;
  readonly #random: SeededRandom;
  readonly #workload: Workload;
  readonly #server: SimulatedServer | null;
  readonly #outputDisk: SimulatedDisk;
  #machine: SimulatedDisk;
  readonly #files: boolean;
  readonly #retained: number;
  readonly #reader: boolean;
  /** Of each source. */
  readonly #splits: number;
  readonly #subtasks: number;
  #lives: SimulatedLife[] = [];
  /** The output that a reader has removed: lines by file. */
  readonly #taken = new Map<string, Buffer>();
  #damaged = false;
  #steps = 0;
  /** Checkpoints after the one that the job went back to. Their output was moved away. */
  readonly #abandoned = new Set<number>();
  /** Lives before the job went back. Their end does not count. */
  #outlived = 0;
  /** The savepoint to go back to, until the job has gone back. */
  #goingBackTo: number | null = null;
  readonly scenario: string;

  constructor(seed: number, keepTrace: boolean) {
    this.#random = new SeededRandom(seed, 1);
    const random = this.#random;
    this.world = new World(seed, keepTrace);
    this.#workload = randomWorkload(random);
    // The naive interpreter reads rows in the order of their list.
    this.#splits = this.#workload.naive === null ? new SeededRandom(seed * 7919, 3).oneOf([1, 1, 2, 3]) : 1;
    this.#subtasks = new SeededRandom(seed * 104729, 5).oneOf([1, 1, 2, 3]);
    this.#machine = new SimulatedDisk(this.world);
    this.#server = random.chance(0.5) ? new SimulatedServer(this.world) : null;
    this.#outputDisk = this.#server === null ? this.#machine : new SimulatedDisk(this.world);
    this.#files = random.chance(0.7);
    this.#retained = random.between(1, 3);
    this.#reader = random.chance(0.2);
    const divided =
      this.#subtasks === 1 || partitionPoint(this.#workload.plan) === null ? '' : ` in ${this.#subtasks} subtasks`;
    const split = this.#splits === 1 ? '' : ` in ${this.#splits} splits`;
    this.scenario = `${this.#workload.name}${split}${divided}, ${this.#server === null ? 'local' : 'remote'}, ${this.#files ? 'files' : 'memory'}, ${this.#retained} kept${this.#reader ? ', a reader' : ''}`;
  }

  async run(): Promise<void> {
    const expected = await this.#undisturbed();
    const { naive } = this.#workload;
    if (naive !== null) differ('an undisturbed run and the naive interpreter', [...naive].sort(), expected);
    const disturbed = this.#random.between(1, 7);
    for (let i = 0; i < disturbed && !this.#finished(); i++) {
      await this.#disturbedLife();
      this.#settle(expected);
    }
    const stopped = await this.#calmLives();
    if (stopped) return;
    this.#settle(expected);
    differ('the output and that of an undisturbed run', expected, this.#outputLines());
    this.#checkCounters(expected.length);
  }

  /** Returns the lines of a run without checkpoints and without faults. */
  async #undisturbed(): Promise<readonly string[]> {
    const world = new World(1);
    const disk = new SimulatedDisk(world);
    const life = new SimulatedLife(new SimulatedProcess(world, 'undisturbed', 0), {
      ...this.#lifeOptions(),
      server: null,
      machine: disk,
      outputDisk: disk,
      changed: false,
      files: false,
      batchRows: 1024,
      mostRowsAtOnce: 1024,
      memoryBytes: 64 << 20,
      checkpoints: null,
    });
    while (!life.over) if (!(await world.step()) && !life.over) throw new Violation('an undisturbed run does not end');
    if (life.failure !== null) throw new Violation(`an undisturbed run fails: ${life.failure.message}`);
    return linesOf(disk.files(OUTPUT));
  }

  #lifeOptions(): LifeOptions {
    const random = this.#random;
    return {
      workload: this.#workload,
      changed: random.chance(0.2),
      server: this.#server,
      machine: this.#machine,
      outputDisk: this.#outputDisk,
      files: this.#files,
      batchRows: random.oneOf([1, 7, 64, 1024]),
      mostRowsAtOnce: random.oneOf([2, 8, 100]),
      splits: this.#splits,
      subtasks: this.#subtasks,
      memoryBytes: random.oneOf([1 << 11, 64 << 20]),
      checkpoints: {
        intervalMs: random.oneOf([5, 20, 100]),
        retained: this.#retained,
        upkeep: {
          fullEvery: random.oneOf([0, 1, 2, 5]),
          scrubIntervalMs: random.oneOf([0, 1, 10, 50]),
          minAgeMs: random.oneOf([0, 0, 30, 200]),
        },
        tolerableFailures: random.oneOf([0, 0, 2, 10]),
        timeoutMs: random.oneOf([null, null, 300]),
        restore: this.#goingBackTo === null ? 'latest' : { epoch: this.#goingBackTo },
      },
    };
  }

  #begin(left: number, changed: boolean | null = null): SimulatedLife {
    const number = this.#lives.length + 1;
    const life = new SimulatedProcess(this.world, `life ${number}`, this.#random.oneOf([0, 0, 3_600_000, -3_600_000]));
    life.left = left;
    const options = this.#lifeOptions();
    const begun = new SimulatedLife(life, changed === null ? options : { ...options, changed });
    this.#lives.push(begun);
    return begun;
  }

  async #disturbedLife(): Promise<void> {
    const random = this.#random;
    this.#setFaults();
    const dies = random.chance(0.6);
    const life = this.#begin(dies ? Math.floor(Math.exp((random.below(1000) / 1000) * 7)) : Number.POSITIVE_INFINITY);
    const pauses = this.#server !== null && random.chance(0.3);
    // How the life ends: dead, paused, stopped, or finished.
    const most = random.between(1, 2000);
    const stops = random.chance(0.2);
    const savepoint = random.chance(0.15) ? random.between(1, 400) : -1;
    for (let i = 0; !life.over && i < most; i++) {
      await this.#step();
      if (i === savepoint) life.job?.savepoint(`savepoint ${this.#lives.length}`).catch(() => {});
      if (random.chance(0.001)) this.#machine.faults.full = !this.#machine.faults.full;
      if (this.#reader && random.chance(0.01)) this.#readerComes();
      if (random.chance(0.002)) life.process.skew = random.oneOf([0, 3_600_000, -3_600_000, 86_400_000]);
    }
    // The checkpoint may be gone. Then a newer one exists in its place, and has swept it.
    const gone = life.failure?.code === 'CHECKPOINT_NOT_FOUND';
    if ((life.job !== null || gone) && this.#goingBackTo !== null) {
      this.world.note('the job has gone back');
      this.#goingBackTo = null;
    }
    if (!life.over) {
      if (pauses) {
        life.process.paused = true;
        this.world.note(`${life.process.name}: is paused`);
        this.#machine = new SimulatedDisk(this.world);
      } else if (stops) {
        life.job?.stop();
        for (let i = 0; !life.over && i < most; i++) await this.#step();
      }
    }
    if (!life.over && !life.process.paused) life.process.die();
    for (const { process } of this.#lives) if (process.paused && random.chance(0.4)) process.paused = false;
    if (life.process.dead) this.#afterDeath();
    else if (this.#server === null && !this.#damaged && random.chance(0.1)) await this.#maybeGoBack();
  }

  #afterDeath(): void {
    const random = this.#random;
    if (random.chance(0.5)) {
      this.world.note('the power goes');
      this.#machine.losePower();
      if (this.#outputDisk !== this.#machine && this.#lives.every((life) => life.over)) this.#outputDisk.losePower();
    }
    // If readers or operators remove output, the engine cannot detect that it is later than an
    // older checkpoint.
    if (this.#server !== null || this.#reader || this.#outlived > 0 || !random.chance(0.03)) return;
    const data = [...this.#machine.files(`${CHECKPOINTS}/data`).keys()];
    if (data.length === 0) return;
    const file = random.oneOf(data);
    this.world.note(`${file} is damaged`);
    this.#machine.damage(file);
    this.#damaged = true;
  }

  /** Goes back to an older checkpoint, as an operator would, and moves the later output away. */
  async #maybeGoBack(): Promise<void> {
    const manifests = this.#machine.files(`${CHECKPOINTS}/manifests`);
    const epochs = [...manifests.keys()].flatMap((file) => /\/(\d+)\.json$/.exec(file)?.[1] ?? []).map(Number);
    const usable = epochs.filter((one) => !this.#abandoned.has(one)).sort((a, b) => a - b);
    if (usable.length === 0) return;
    const epoch = this.#random.oneOf(usable);
    for (const one of epochs) if (one > epoch) this.#abandoned.add(one);
    this.world.note(`an operator goes back to checkpoint ${epoch}`);
    this.#goingBackTo = epoch;
    this.#outlived = this.#lives.length;
    for (const file of [...this.#outputDisk.files(OUTPUT).keys()]) {
      if (isVisible(file) && epochOf(file) > epoch) this.#outputDisk.takeAway(file);
    }
    for (const file of [...this.#taken.keys()]) if (epochOf(file) > epoch) this.#taken.delete(file);
  }

  #setFaults(): void {
    const random = this.#random;
    const disks = random.chance(0.3);
    for (const disk of [this.#machine, this.#outputDisk]) {
      disk.faults.error = disks ? random.oneOf([0, 0.002, 0.02]) : 0;
      disk.faults.sync = disks ? random.oneOf([0, 0.02, 0.2]) : 0;
      disk.faults.full = disks && random.chance(0.1);
    }
    if (this.#server !== null) {
      this.#server.faults.error = random.oneOf([0, 0, 0.02, 0.15]);
      this.#server.faults.slowestMs = random.oneOf([5, 20, 200, 200, 30_000]);
    }
  }

  /** Removes the visible output, as a reader would. */
  #readerComes(): void {
    for (const [file, content] of this.#outputDisk.files(OUTPUT)) {
      if (!isVisible(file)) continue;
      this.#taken.set(file, content);
      this.#outputDisk.takeAway(file);
    }
  }

  /**
   * Runs the job without more faults. It must finish. Returns true if it stops permanently because
   * a checkpoint was damaged, which is correct.
   */
  async #calmLives(): Promise<boolean> {
    this.world.note('peace');
    for (const disk of [this.#machine, this.#outputDisk])
      Object.assign(disk.faults, { error: 0, sync: 0, full: false });
    if (this.#server !== null) Object.assign(this.#server.faults, { error: 0, slowestMs: 20 });
    for (const { process } of this.#lives) process.paused = false;
    let failure = '';
    let refused = false;
    for (let i = 0; i < CALM_LIVES && !this.#finished(); i++) {
      const life = this.#begin(Number.POSITIVE_INFINITY, refused ? !this.#lives.at(-1)!.options.changed : null);
      // The remaining lives must end too: as the owner of the job, or because they are not its
      // owner.
      while (this.#lives.some((one) => !one.over)) await this.#step();
      failure = life.failure === null ? '' : `${life.failure.code}: ${life.failure.message}`;
      // The other query has finished, except for its last step.
      refused = life.failure?.code === 'CHECKPOINT_INCOMPATIBLE';
      if (life.failure?.code === 'CHECKPOINT_CORRUPT' && this.#damaged) return true;
      if (life.job !== null || life.failure?.code === 'CHECKPOINT_NOT_FOUND') this.#goingBackTo = null;
    }
    if (!this.#finished()) throw new Violation(`the job cannot continue although there are no more faults: ${failure}`);
    // Requests that are still on the way to the store arrive.
    for (let i = 0; i < 1000 && (await this.world.step()); i++);
    return false;
  }

  #finished(): boolean {
    return (
      this.#lives.slice(this.#outlived).some((life) => life.result?.outcome === 'finished') &&
      this.#goingBackTo === null
    );
  }

  async #step(): Promise<void> {
    if (++this.#steps > MOST_STEPS) throw new Violation('the job does not end');
    if (!(await this.world.step()) && this.#lives.some((life) => !life.over && !life.process.paused)) {
      throw new Violation('the job waits for nothing');
    }
  }

  #outputLines(): readonly string[] {
    return linesOf(new Map([...this.#taken, ...this.#outputDisk.files(OUTPUT)]));
  }

  /** The conditions that must always be true. */
  #settle(expected: readonly string[]): void {
    const left = new Map<string, number>();
    for (const line of expected) left.set(line, (left.get(line) ?? 0) + 1);
    for (const line of this.#outputLines()) {
      const count = left.get(line) ?? 0;
      if (count === 0) throw new Violation(`an extra line is visible: ${line}`);
      left.set(line, count - 1);
    }
    for (const { foundDamaged, foundUnknown } of this.#lives) {
      if (foundDamaged !== null && !this.#damaged)
        throw new Violation(`reported as damaged without damage: ${foundDamaged}`);
      if (foundUnknown !== null) throw new Violation(`reported as unknown: ${foundUnknown}`);
    }
    const missing = this.#damaged ? null : checkClosure(this.#machine, this.#server);
    if (missing !== null) throw new Violation(missing);
  }

  /**
   * Checks the counters. Those of input are the number of rows to read, and those of output the
   * number of visible lines, regardless of the faults.
   */
  #checkCounters(lines: number): void {
    const manifest = newestManifest(this.#machine, this.#server);
    if (manifest === null) throw new Violation('there is no checkpoint at the end');
    const { nodes } = manifest.plan;
    const sum = (kind: string): number =>
      nodes.filter((node) => node.kind === kind).reduce((all, node) => all + manifest.rows[node.name]!.in, 0);
    const rows = [...this.#workload.inputs.values()].reduce((all, input) => all + input.length, 0);
    if (sum('scan') !== rows) throw new Violation(`${sum('scan')} rows were counted in, but there are ${rows}`);
    // A changed query starts to count again when it changes.
    if (this.#lives.every((life) => !life.options.changed) && sum('sink') !== lines)
      throw new Violation(`${sum('sink')} rows were counted out, but there are ${lines}`);
  }
}

const isVisible = (file: string): boolean => !file.slice(file.lastIndexOf('/') + 1).startsWith('.');
const epochOf = (file: string): number => Number(/-(\d{6,})-\d+\.jsonl$/.exec(file)![1]);

function linesOf(files: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...files].flatMap(([file, text]) => (isVisible(file) ? text.toString().split('\n').slice(0, -1) : [])).sort();
}

/** Both are in the order of their lines. */
function differ(what: string, wanted: readonly string[], got: readonly string[]): void {
  if (wanted.length === got.length && wanted.every((line, i) => line === got[i])) return;
  const missing = without(wanted, got);
  const extra = without(got, wanted);
  throw new Violation(
    `${what} differ: ${missing.length} lines are missing (${missing[0] ?? ''}), ${extra.length} are too many (${extra[0] ?? ''})`,
  );
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
