import { EngineError } from '../../../src/core/engine-error.ts';
import type { StoreDatabase, StoreEntry, StoreWrite } from '../../../src/service/store/store-database.ts';
import type { StoreDirectory } from '../../../src/service/store/store-directory.ts';
import { Crash, type SimulatedProcess, type World } from '../world.ts';

/** The probability of each failure of a write, from 0 to 1. */
export interface StoreFaults {
  /** Nothing takes effect. */
  error: number;
  /** It takes effect, but the process is told that this is in doubt. */
  doubt: number;
  /** No write takes effect. */
  full: boolean;
}

/**
 * The double of the service's database. It keeps the promise of the port: a write takes effect
 * completely or not at all, also when its process dies in it.
 */
export class SimulatedStore {
  readonly faults: StoreFaults;
  /** The writes since the last look at the service. They may have taken effect. */
  recent: readonly StoreWrite[] = [];
  readonly #world: World;
  #exists = false;
  #entries = new Map<string, StoreEntry>();

  constructor(world: World, faults: StoreFaults) {
    this.#world = world;
    this.faults = faults;
  }

  openedBy(life: SimulatedProcess): StoreDatabase {
    let broken = false;
    this.#exists = true;
    return {
      entries: [...this.#entries.values()],
      write: (writes) => {
        this.recent = [...this.recent, ...writes];
        try {
          life.atOnce(`stores ${writes.map(textOf).join(', ')}`, () => this.#write(writes, broken));
        } catch (error) {
          if (error instanceof Crash) throw error;
          broken ||= /in doubt/.test((error as Error).message);
          throw error;
        }
      },
      get inDoubt() {
        return broken;
      },
      close: () => {},
    };
  }

  get entries(): readonly StoreEntry[] {
    return [...this.#entries.values()];
  }

  /** Returns the store as its copy sees it. */
  directoryOf(life: SimulatedProcess): StoreDirectory {
    const { random } = this.#world;
    const change = (what: string, effect: () => void): void =>
      life.atOnce(what, () => {
        if (random.chance(this.faults.error)) throw refusal('an input/output error');
        effect();
      });
    return {
      hasStore: () => this.#exists,
      moveAway: (suffix) =>
        change(`moves the store to ${suffix}`, () => {
          this.#entries.clear();
          this.#exists = false;
        }),
      create: (entries) =>
        change(`creates a store of ${entries.length} entries`, () => {
          for (const entry of entries) this.#entries.set(keyOf(entry), entry);
          this.#exists = true;
        }),
    };
  }

  #write(writes: readonly StoreWrite[], broken: boolean): void {
    const { random } = this.#world;
    if (broken) throw refusal('restart the service');
    if (this.faults.full) throw refusal('the disk is full');
    if (random.chance(this.faults.error)) throw refusal('an input/output error');
    this.#apply(writes);
    if (random.chance(this.faults.doubt)) throw refusal('the last write is in doubt; restart the service');
  }

  #apply(writes: readonly StoreWrite[]): void {
    for (const write of writes) {
      if ('put' in write) this.#entries.set(keyOf(write.put), write.put);
      else this.#entries.delete(keyOf(write.remove));
    }
  }
}

const refusal = (why: string): EngineError =>
  new EngineError('STATE_STORE', `the database cannot be written: ${why}`, {});

const keyOf = ({ kind, name }: Pick<StoreEntry, 'kind' | 'name'>): string => `${kind} ${name}`;
const textOf = (write: StoreWrite): string => ('put' in write ? keyOf(write.put) : `no ${keyOf(write.remove)}`);
