import type { EngineError } from '../../../src/core/engine-error.ts';
import { Service } from '../../../src/service/service.ts';
import { ServiceStore } from '../../../src/service/store/service-store.ts';
import { LocalStorage } from '../../../src/storage/local/local-storage.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { SimulatedDisk } from '../simulated-disk.ts';
import { Crash, SimulatedProcess, World } from '../world.ts';
import { ServiceModel, Violation } from './service-model.ts';
import { simulatedCompiler } from './simulated-compiler.ts';
import { SimulatedStore } from './simulated-store.ts';
import { SimulatedThreads } from './simulated-thread.ts';

export interface ServiceVerdict {
  readonly seed: number;
  readonly violation: string | null;
  readonly trace: readonly string[];
  readonly traceHash: string;
  readonly happened: number;
}

const CALM_STEPS = 20_000;

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
  readonly #store: SimulatedStore;
  readonly #threads = new SimulatedThreads();
  readonly #model = new ServiceModel();
  #lives = 0;

  constructor(seed: number, keepTrace: boolean) {
    this.#random = new SeededRandom(seed, 9);
    this.world = new World(seed, keepTrace);
    this.#disk = new SimulatedDisk(this.world);
    this.#store = new SimulatedStore(this.world);
  }

  async run(): Promise<void> {
    const random = this.#random;
    const lives = random.between(1, 5);
    for (let i = 0; i < lives; i++) {
      this.#setFaults();
      const dies = random.chance(0.7);
      const life = this.#begin(dies ? random.below(40) : Number.POSITIVE_INFINITY);
      if (life === null) continue;
      await this.#steps(life, random.between(10, 400), true);
      if (!life.process.dead && random.chance(0.3)) await this.#close(life);
      life.process.die();
    }
    Object.assign(this.#store.faults, { error: 0, doubt: 0, full: false });
    this.world.note('peace');
    const last = this.#begin(Number.POSITIVE_INFINITY)!;
    await this.#steps(last, 200, false);
    for (let i = 0; last.service.health().problems.length > 0; i++) {
      if (i === CALM_STEPS)
        throw new Violation(`without faults it is not well: ${last.service.health().problems.join()}`);
      await this.#steps(last, 1, false);
    }
    last.process.die();
    this.#begin(Number.POSITIVE_INFINITY)!.process.die();
  }

  #setFaults(): void {
    const { faults } = this.#store;
    faults.error = this.#random.oneOf([0, 0, 0.1, 0.4]);
    faults.doubt = this.#random.oneOf([0, 0, 0.05]);
    faults.full = this.#random.chance(0.1);
  }

  /** Starts the service. Null: it died. Checks what it knows. */
  #begin(left: number): Life | null {
    const { world } = this;
    const process = new SimulatedProcess(world, `life ${++this.#lives}`, 0);
    process.left = left;
    const disk = this.#disk.seenBy(process);
    const threads = this.#threads.poolOf(process);
    try {
      const service = Service.open({
        dataDirectory: '/service',
        patterns: null,
        demo: false,
        settings: { 'state.memory': '4 gb' },
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
          compiler: simulatedCompiler(process),
          lock: this.#disk.lockFor(process),
          openStore: () => new ServiceStore(this.#store.openedBy(process)),
          startThread: (spec, listener) => threads.start(spec, listener),
          endThreads: () => threads.close(),
          storageOf: ({ directory, job }) =>
            new LocalStorage(`${directory}/${job}`, null, { disk, lock: { acquire: () => {}, release: () => {} } }),
        },
      });
      service.start();
      const ends = this.#store.diedIn.flatMap((w) => ('put' in w && w.put.kind === 'job-end' ? [w.put.name] : []));
      this.#model.restarted(service, ends);
      return { process, service };
    } catch (error) {
      if (!process.dead) throw error;
      return null;
    }
  }

  async #steps(life: Life, most: number, clients: boolean): Promise<void> {
    const random = this.#random;
    for (let i = 0; i < most && !life.process.dead; i++) {
      if (clients && random.chance(0.25)) this.#client(life);
      if (random.chance(0.02)) this.#store.faults.full = clients && !this.#store.faults.full;
      if (!(await this.world.step())) await new Promise((resolve) => setImmediate(resolve));
      if (this.#threads.mistake !== null) throw new Violation(this.#threads.mistake);
      if (!life.process.dead) this.#model.observe(life.service);
    }
  }

  /** A client sends one request. Its answer may come later, or never. */
  #client({ process, service }: Life): void {
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
