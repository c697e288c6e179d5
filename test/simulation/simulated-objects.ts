import { EngineError } from '../../src/core/engine-error.ts';
import type { ListedObject, ObjectStore } from '../../src/storage/remote/object-store.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedProcess, World } from './world.ts';

export interface StoreFaults {
  /**
   * The probability, from 0 to 1, that a request fails after all its retries. In a third of these
   * cases it took effect.
   */
  error: number;
  /** Longest time of a request, milliseconds. */
  slowestMs: number;
}

/**
 * The server. All clients see acknowledged writes, as an `ObjectStore` promises. Deleted objects
 * may still be listed for a while.
 */
export class SimulatedServer {
  readonly objects = new Map<string, Buffer>();
  readonly faults: StoreFaults = { error: 0, slowestMs: 20 };
  readonly #world: World;
  #late = new Map<string, { until: number; length: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  set(key: string, content: Buffer): void {
    this.#late.delete(key);
    this.objects.set(key, content);
  }

  delete(key: string): void {
    this.#lag(key);
    this.objects.delete(key);
  }

  #lag(key: string): void {
    if (key.startsWith('log/') || !this.#world.random.chance(0.2)) return;
    const length = this.objects.get(key)?.length;
    if (length !== undefined) this.#late.set(key, { until: this.#world.now + this.#world.random.below(2000), length });
  }

  list(prefix: string): readonly ListedObject[] {
    const found = new Map([...this.objects].map(([key, { length }]) => [key, length]));
    for (const [key, { until, length }] of this.#late) {
      if (until < this.#world.now) this.#late.delete(key);
      else found.set(key, length);
    }
    return [...found]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, length]) => ({ key, length }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Returns the server as a process sees it. */
  seenBy(life: SimulatedProcess, disk: SimulatedDisk): ObjectStore {
    const ask = async <T>(what: string, effect: () => T): Promise<T> => {
      const { random } = this.#world;
      const fails = random.chance(this.faults.error);
      const takesEffect = !fails || random.chance(0.3);
      const done = await life.inTime(what, this.faults.slowestMs, () => (takesEffect ? effect() : null));
      if (fails) throw new EngineError('CHECKPOINT_STORE', `${what}: 503`, {});
      return done!;
    };
    const local = (path: string): Buffer => disk.files('').get(path)!;
    return {
      location: 'simulated:',
      create: (key, content) =>
        ask(`create ${key}`, () => {
          if (this.objects.has(key)) return false;
          this.set(key, content);
          // An attempt whose reply was lost is repeated by the client, and finds the key taken.
          return !this.#world.random.chance(this.faults.error);
        }),
      put: (key, content) => ask(`put ${key}`, () => this.set(key, content)),
      get: (key) => ask(`get ${key}`, () => ({ content: this.objects.get(key) ?? null })).then((r) => r.content),
      putFile: (key, path) => ask(`put ${key}`, () => this.set(key, Buffer.from(local(path)))),
      getFile: async (key, path) => {
        const { content } = await ask(`get ${key}`, () => ({ content: this.objects.get(key) ?? null }));
        if (content !== null) await disk.seenBy(life).write(path, content, false);
        return content !== null;
      },
      list: (prefix) => ask(`list ${prefix}`, () => this.list(prefix)),
      delete: (key) => ask(`delete ${key}`, () => this.delete(key)),
      close: () => {},
    };
  }
}
