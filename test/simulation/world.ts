import { createHash } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import type { Scheduler } from '../../src/core/scheduler.ts';
import { SeededRandom } from '../fuzz/seeded-random.ts';

/** Ends the code of a process that the simulation has killed. */
export class Crash extends Error {}

interface Event {
  readonly at: number;
  /** The life that continues with this event. Null: the event happens in any case. */
  readonly process: SimulatedProcess | null;
  readonly what: string;
  readonly run: () => void;
}

/**
 * Time, random numbers and order of a simulation. All waits are in one list, and the seed decides
 * how long each lasts. So the seed also decides which one continues next. The simulation uses no
 * real time and no real input or output, so a seed always gives the same run.
 */
export class World {
  /** Milliseconds since 1970. */
  now = Date.UTC(2026, 0, 1);
  readonly random: SeededRandom;
  /** The notes of what happened, newest last; all notes if `keepTrace` is set. */
  readonly trace: string[] = [];
  happened = 0;
  readonly #keepTrace: boolean;
  readonly #hash = createHash('sha256');
  #events: Event[] = [];
  #names = 0;
  #ended = false;

  constructor(seed: number, keepTrace = false) {
    this.random = new SeededRandom(seed, 77);
    this.#keepTrace = keepTrace;
  }

  /** Returns a unique name. */
  newName(): string {
    return `name-${++this.#names}`;
  }

  note(what: string): void {
    if (this.#ended) return;
    const line = `${(this.now - Date.UTC(2026, 0, 1)).toFixed(2)} ${what.replaceAll(`.${process.pid}.`, '.PID.')}`;
    this.#hash.update(line);
    this.trace.push(line);
    if (!this.#keepTrace && this.trace.length > 400) this.trace.splice(0, 200);
  }

  /** Returns a hash of all notes. Later notes are ignored: a promise may settle after the run. */
  traceHash(): string {
    this.#ended = true;
    return this.#hash.digest('hex');
  }

  after(ms: number, process: SimulatedProcess | null, what: string, run: () => void): void {
    this.#events.push({ at: this.now + ms, process, what, run });
  }

  /** Runs the next event; false if there is none. */
  async step(): Promise<boolean> {
    // All promises that can continue do so before the next event.
    await new Promise((resolve) => setImmediate(resolve));
    let next = -1;
    for (let i = 0; i < this.#events.length; i++) {
      const { at, process: who } = this.#events[i]!;
      if (who?.paused) continue;
      if (next < 0 || at < this.#events[next]!.at) next = i;
    }
    if (next < 0) return false;
    const [event] = this.#events.splice(next, 1);
    this.now = Math.max(this.now, event!.at);
    this.happened++;
    if (event!.process?.dead) return true;
    if (event!.what !== '') this.note(`${event!.process?.name ?? 'world'}: ${event!.what}`);
    event!.run();
    return true;
  }

  forget(process: SimulatedProcess): void {
    this.#events = this.#events.filter((event) => event.process !== process);
  }
}

/**
 * One life of the job: its clock, and all of its effects on the world outside. It may die at any of
 * these effects.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly world: World;
  dead = false;
  paused = false;
  /** The number of effects before it dies. */
  left = Number.POSITIVE_INFINITY;
  /** The current error of its clock in milliseconds. The clock jumps when it is set. */
  skew: number;

  constructor(world: World, name: string, skew: number) {
    this.world = world;
    this.name = name;
    this.skew = skew;
  }

  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.world.note(`${this.name}: dies`);
    this.world.forget(this);
  }

  /**
   * Runs an effect without delay. If the process dies here, the effect has or has not taken place.
   */
  atOnce<T>(what: string, effect: () => T): T {
    if (this.dead) throw new Crash();
    if (this.left-- <= 0) {
      if (this.world.random.chance(0.5)) effect();
      this.die();
      throw new Crash();
    }
    this.world.note(`${this.name}: ${what}`);
    return effect();
  }

  /**
   * Runs an effect that takes time. It takes place even if the process dies meanwhile. The process
   * gets the result later.
   */
  async inTime<T>(what: string, slowestMs: number, effect: () => T): Promise<T> {
    const { world } = this;
    if (this.dead) return new Promise(() => {});
    if (this.left-- <= 0) this.die();
    return new Promise<T>((resolve, reject) => {
      const first = (world.random.below(1000) / 1000) * slowestMs;
      world.after(first, null, '', () => {
        if (this.dead && world.random.chance(0.5)) return;
        world.note(`${this.name}: ${what}`);
        let done: () => void;
        try {
          const value = effect();
          done = () => resolve(value);
        } catch (error) {
          done = () => reject(error as Error);
        }
        if (!this.dead) world.after((world.random.below(1000) / 1000) * slowestMs, this, '', done);
      });
    });
  }

  readonly clock: Clock = {
    now: () => Math.floor(this.world.now + this.skew),
    monotonicMs: () => {
      // Work takes time.
      this.world.now += 0.05;
      return this.world.now;
    },
    sleep: (ms, signal) => {
      if (this.dead) return new Promise(() => {});
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        this.world.after(ms, this, '', resolve);
        signal?.addEventListener('abort', () => resolve());
      });
    },
  };

  readonly scheduler: Scheduler = {
    turn: () => new Promise((resolve) => this.world.after(this.world.random.below(100) / 500, this, '', resolve)),
    every: (ms, action) => {
      let going = true;
      const again = () =>
        this.world.after(ms, this, '', () => {
          if (!going) return;
          action();
          again();
        });
      again();
      return () => {
        going = false;
      };
    },
    after: (ms, action) => {
      let waiting = true;
      this.world.after(ms, this, '', () => {
        if (waiting) action();
      });
      return () => {
        waiting = false;
      };
    },
  };
}
