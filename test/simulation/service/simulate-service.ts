import type { EngineError } from '../../../src/core/engine-error.ts';
import { Service } from '../../../src/service/service.ts';
import type { ServiceOptions } from '../../../src/service/service-options.ts';
import { CopyFiles } from '../../../src/service/store/copy-files.ts';
import { ServiceStore } from '../../../src/service/store/service-store.ts';
import { LocalStorage } from '../../../src/storage/local/local-storage.ts';
import { RemoteStorage } from '../../../src/storage/remote/remote-storage.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { SimulatedDisk } from '../simulated-disk.ts';
import { Crash, SimulatedProcess, World } from '../world.ts';
import { PatternModel } from './pattern-model.ts';
import { ServiceModel } from './service-model.ts';
import { simulatedCompiler } from './simulated-compiler.ts';
import { SimulatedFolder } from './simulated-folder.ts';
import { SimulatedMachines } from './simulated-machines.ts';
import { SimulatedThreads } from './simulated-thread.ts';
import { Violation } from './violation.ts';

export interface ServiceVerdict {
  readonly seed: number;
  readonly violation: string | null;
  readonly trace: readonly string[];
  readonly traceHash: string;
  readonly happened: number;
}

const CALM_STEPS = 20_000;
const FOLDER_STEPS = 2000;

/**
 * Some lives of one service with the faults of the seed: its store fails or is full, its jobs fail
 * and end, and it dies at any of its effects. Clients submit, stop, start and delete jobs. After
 * each restart the service must know everything that it has acknowledged.
 */
export async function simulateService(seed: number, keepTrace = false): Promise<ServiceVerdict> {
  const run = new ServiceRun(seed, keepTrace);
  let violation: string | null = null;
  try {
    await run.run();
  } catch (error) {
    violation = error instanceof Violation ? error.message : (error as Error).stack!;
  }
  const { world } = run;
  return { seed, violation, trace: world.trace, traceHash: world.traceHash(), happened: world.happened };
}

interface Life {
  readonly process: SimulatedProcess;
  readonly service: Service;
}

class ServiceRun {
  readonly world: World;
  readonly #random: SeededRandom;
  readonly #disk: SimulatedDisk;
  readonly #machines: SimulatedMachines;
  /** The service keeps a copy of its store beside the checkpoints. */
  readonly #copied: boolean;
  /** The service watches a folder of patterns. */
  readonly #watches: boolean;
  readonly #folder: SimulatedFolder;
  readonly #patterns: PatternModel;
  readonly #threads = new SimulatedThreads();
  readonly #model = new ServiceModel();
  #lives = 0;

  constructor(seed: number, keepTrace: boolean) {
    this.#random = new SeededRandom(seed, 9);
    this.world = new World(seed, keepTrace);
    this.#disk = new SimulatedDisk(this.world);
    this.#machines = new SimulatedMachines(this.world);
    this.#copied = this.#random.chance(0.4);
    this.#watches = this.#random.chance(0.4);
    this.#folder = new SimulatedFolder(this.world);
    this.#patterns = new PatternModel(this.#folder);
  }

  async run(): Promise<void> {
    const random = this.#random;
    const lives = random.between(1, 5);
    let alive: Life | null = null;
    for (let i = 1; i <= lives; i++) {
      this.#setFaults();
      const dies = random.chance(0.7);
      const left = dies ? random.below(this.#copied ? 80 : 40) : Number.POSITIVE_INFINITY;
      const damaged = this.#copied && random.chance(0.1);
      const life = await this.#begin(left, this.#placeOfNext(), damaged);
      if (life === null) continue;
      // The server of the copy may be away during a whole life.
      if (random.chance(0.2)) this.#machines.server.faults.error = 1;
      await this.#steps(life, random.between(10, 400), true);
      if (i === lives && !life.process.dead) alive = life;
      else await this.#end(life);
    }
    this.#endFaults();
    this.world.note('peace');
    if (alive !== null) alive.process.left = Number.POSITIVE_INFINITY;
    const last = alive ?? (await this.#beginInPeace(this.#machines.home));
    await this.#steps(last, 200, false);
    for (let i = 0; last.service.health().problems.length > 0; i++) {
      const { problems } = last.service.health();
      // A service whose store is in doubt must be restarted.
      if (problems.some((problem) => /in doubt|restart the service/.test(problem))) break;
      if (i === CALM_STEPS) throw new Violation(`without faults it is not well: ${problems.join()}`);
      await this.#steps(last, 1, false);
    }
    await this.#followsFolder(last);
    const moves = this.#copied && last.service.health().problems.length === 0 && random.chance(0.7);
    if (moves) await this.#close(last);
    last.process.die();
    if (moves && !this.#machines.copyIsCurrent) throw new Violation('the copy lacks changes of the store');
    (await this.#beginInPeace(moves ? this.#machines.otherDirectory() : this.#machines.home)).process.die();
  }

  /** After some time without faults, the service has the jobs of its folder. */
  async #followsFolder(life: Life): Promise<void> {
    if (!this.#watches || life.service.health().problems.length > 0) return;
    for (let i = 0; this.#patterns.difference(life.service) !== null; i++) {
      if (i === FOLDER_STEPS) this.#patterns.check(life.service);
      await this.#steps(life, 1, false);
    }
  }

  async #end(life: Life): Promise<void> {
    if (!life.process.dead && this.#random.chance(0.3)) await this.#close(life);
    life.process.die();
    if (this.#random.chance(0.3)) this.#disk.losePower();
    if (this.#watches && this.#random.chance(0.5)) this.#patterns.change(this.#random);
  }

  /** A service that lost its disk continues elsewhere. It knows what the copy has. */
  #placeOfNext(): string {
    const { home, copyIsCurrent } = this.#machines;
    return this.#copied && copyIsCurrent && this.#random.chance(0.3) ? this.#machines.otherDirectory() : home;
  }

  #endFaults(): void {
    Object.assign(this.#machines.faults, { error: 0, doubt: 0, full: false });
    Object.assign(this.#disk.faults, { error: 0, sync: 0, full: false });
    this.#machines.server.faults.error = 0;
    this.#folder.fault = 0;
  }

  async #beginInPeace(directory: string): Promise<Life> {
    const life = await this.#begin(Number.POSITIVE_INFINITY, directory);
    if (life === null) throw new Violation('without faults it does not start');
    return life;
  }

  #setFaults(): void {
    const { faults, server } = this.#machines;
    server.faults.error = this.#random.oneOf([0, 0, 0.1, 0.4]);
    this.#folder.fault = this.#random.oneOf([0, 0.02, 0.1]);
    this.#disk.faults.error = this.#random.oneOf([0, 0, 0, 0.05]);
    this.#disk.faults.full = this.#random.chance(0.05);
    faults.error = this.#random.oneOf([0, 0, 0.1, 0.4]);
    faults.doubt = this.#random.oneOf([0, 0, 0.05]);
    faults.full = this.#random.chance(0.1);
  }

  /** Starts the service. Null: it died, or refused with a reason. Checks what it knows. */
  async #begin(left: number, directory: string, damaged = false): Promise<Life | null> {
    const { world } = this;
    const process = new SimulatedProcess(world, `life ${++this.#lives}`, 0);
    process.left = left;
    const repair = damaged ? this.#machines.damageCopy() : null;
    const service = await this.#open(process, directory);
    // A copy that a dead process had sent before may have arrived meanwhile.
    const readsDamaged = repair?.() ?? false;
    if (service === null) {
      process.die();
      return null;
    }
    if (readsDamaged) throw new Violation('it started with a damaged copy');
    const store = this.#machines.storeIn(this.#machines.home);
    const ends = store.recent.flatMap((w) => ('put' in w && w.put.kind === 'job-end' ? [w.put.name] : []));
    store.recent = [];
    this.#machines.home = directory;
    try {
      service.start();
      this.#model.restarted(service, ends);
      this.#patterns.restarted();
      return { process, service };
    } catch (error) {
      if (!process.dead) throw error;
      return null;
    }
  }

  /** Opens the service. Null: it died, or refused with a reason. */
  async #open(process: SimulatedProcess, directory: string): Promise<Service | null> {
    const options = this.#options(process, directory);
    let opened: Service | Error | null = null;
    (this.#copied ? Service.openWithCopy(options) : Promise.resolve().then(() => Service.open(options))).then(
      (service) => {
        opened = service;
      },
      (error: Error) => {
        opened = error;
      },
    );
    const ended = (): Service | Error | null => opened;
    for (let i = 0; ended() === null && !process.dead; i++) {
      if (i === CALM_STEPS) throw new Violation('it does not open');
      await new Promise((resolve) => setImmediate(resolve));
      if (ended() === null) await this.world.step();
    }
    const result = ended();
    if (process.dead || result === null) return null;
    if (!(result instanceof Error)) return result;
    this.world.note(`${process.name}: refused: ${result.message}`);
    if (!/\/|simulated:/.test(result.message)) throw new Violation(`the refusal names nothing: ${result.message}`);
    return null;
  }

  #options(process: SimulatedProcess, directory: string): ServiceOptions {
    const { world } = this;
    const machines = this.#machines;
    const disk = this.#disk.seenBy(process);
    const threads = this.#threads.poolOf(process);
    return {
      dataDirectory: directory,
      patterns: this.#watches ? '/patterns' : null,
      demo: false,
      settings: {
        'state.memory': '4 gb',
        ...(this.#copied ? { 'execution.checkpointing.dir': 's3://bucket/checkpoints' } : {}),
      },
      roots: ['/'],
      batchRows: 64,
      log: {
        info: (_, message) => world.note(`${process.name}: ${message}`),
        warn: (_, message) => world.note(`${process.name}: ${message}`),
        error: (_, message) => world.note(`${process.name}: ${message}`),
      },
      random: () => world.random.below(1 << 30) / (1 << 30),
      clock: process.clock,
      print: () => {},
      ports: {
        scheduler: process.scheduler,
        disk,
        compiler: simulatedCompiler(process, () => this.#folder.fault),
        patternFiles: this.#folder.seenBy(process),
        watchFolder: this.#folder.watchedBy(process),
        lock: this.#disk.lockFor(process),
        openStore: () => new ServiceStore(machines.storeIn(directory).openedBy(process)),
        storeDirectory: () => machines.storeIn(directory).directoryOf(process),
        copyFiles: () => new CopyFiles(directory, disk, () => world.newName()),
        startThread: (spec, listener) => threads.start(spec, listener),
        endThreads: () => threads.close(),
        storageOf: ({ job, work }) =>
          job === '~service'
            ? new RemoteStorage({
                objects: machines.server.seenBy(process, this.#disk),
                workDirectory: work!,
                clock: process.clock,
                disk,
                scheduler: process.scheduler,
                newName: () => world.newName(),
                hold: () => 'unsupported',
              })
            : new LocalStorage(`/jobs/${job}`, null, { disk, lock: { acquire: () => {}, release: () => {} } }),
      },
    };
  }

  async #steps(life: Life, most: number, clients: boolean): Promise<void> {
    const random = this.#random;
    for (let i = 0; i < most && !life.process.dead; i++) {
      if (clients && random.chance(0.25)) this.#client(life);
      if (clients && this.#watches && random.chance(0.03)) this.#patterns.change(random);
      if (random.chance(0.02)) this.#machines.faults.full = clients && !this.#machines.faults.full;
      if (!(await this.world.step())) await new Promise((resolve) => setImmediate(resolve));
      if (this.#threads.mistake !== null) throw new Violation(this.#threads.mistake);
      if (life.process.dead) return;
      this.#model.observe(life.service);
      this.#machines.storeIn(this.#machines.home).recent = [];
    }
  }

  /** A client sends one request. Its answer may come later, or never. */
  #client({ process, service }: Life): void {
    const ofPattern = service.jobs().filter(({ id }) => PatternModel.owns(id));
    if (ofPattern.length > 0 && this.#random.chance(0.2)) {
      const { id } = this.#random.oneOf(ofPattern);
      const kind = this.#random.oneOf(['stop', 'start'] as const);
      this.world.note(`${process.name}: a client: ${kind} ${id}`);
      const answer = this.#patterns.asked(kind, id, service);
      (kind === 'stop' ? service.stopJob(id) : service.startJob(id)).then(
        () => answer(true),
        () => answer(false),
      );
      return;
    }
    const request = this.#model.randomRequest(this.#random, service);
    this.world.note(`${process.name}: a client: ${request.text}`);
    this.#model.begins(request);
    request.send(service).then(
      () => this.#model.acknowledged(request),
      (error: EngineError) => {
        if (error instanceof Crash || process.dead) return;
        this.world.note(`${process.name}: refused: ${error.message}`);
        this.#model.refused(request, error);
      },
    );
  }

  async #close({ process, service }: Life): Promise<void> {
    let closed = false;
    service.close().then(
      () => {
        closed = true;
      },
      () => {},
    );
    for (let i = 0; !closed && !process.dead; i++) {
      if (i === CALM_STEPS) throw new Violation('it cannot be closed');
      if (!(await this.world.step())) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
