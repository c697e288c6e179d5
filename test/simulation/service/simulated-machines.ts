import type { Change } from '../../../src/service/store/change.ts';
import { readLine } from '../../../src/service/store/journal-file.ts';
import { entriesOf } from '../../../src/service/store/journal-migration.ts';
import { checkedChange, ServiceState } from '../../../src/service/store/service-state.ts';
import { changesOf } from '../../../src/service/store/state-entries.ts';
import { SimulatedServer } from '../simulated-objects.ts';
import type { World } from '../world.ts';
import { SimulatedStore, type StoreFaults } from './simulated-store.ts';

const DIRECTORIES = ['/service', '/other', '/third'] as const;

/** The data directories of a service, and the server with the copy of its store. */
export class SimulatedMachines {
  readonly faults: StoreFaults = { error: 0, doubt: 0, full: false };
  readonly server: SimulatedServer;
  /** Where the service was last. */
  home: string = DIRECTORIES[0];
  readonly #world: World;
  readonly #stores: ReadonlyMap<string, SimulatedStore>;

  constructor(world: World) {
    this.#world = world;
    this.server = new SimulatedServer(world);
    this.#stores = new Map(DIRECTORIES.map((directory) => [directory, new SimulatedStore(world, this.faults)]));
  }

  storeIn(directory: string): SimulatedStore {
    return this.#stores.get(directory)!;
  }

  /** Returns whether the copy has everything that the store of the home has. */
  get copyIsCurrent(): boolean {
    const found = this.#newestCopy();
    if (found === null) return false;
    return textOf(found.changes) === textOf(changesOf(this.storeIn(this.home).entries));
  }

  /** Returns another directory than the home. */
  otherDirectory(): string {
    return this.#world.random.oneOf(DIRECTORIES.filter((directory) => directory !== this.home));
  }

  /** Flips a bit of the newest copy. Returns a function that repairs it. Null: there is no copy. */
  damageCopy(): (() => boolean) | null {
    const found = this.#newestCopy();
    if (found === null) return null;
    const { key, start } = found;
    const whole = this.server.objects.get(key)!;
    const damaged = Buffer.from(whole);
    const at = this.#world.random.between(start, whole.length - 2);
    damaged[at] = damaged[at]! ^ 4;
    this.server.objects.set(key, damaged);
    return () => {
      this.server.objects.set(key, whole);
      return this.#newestCopy()!.key === key;
    };
  }

  #newestCopy(): { readonly key: string; readonly start: number; readonly changes: readonly Change[] } | null {
    const keys = [...this.server.objects.keys()].filter((key) => key.startsWith('log/')).sort();
    for (const key of keys.toReversed()) {
      const content = this.server.objects.get(key)!;
      const start = content.indexOf('\n') + 1;
      const copy = readLine<{ readonly changes: readonly Change[] }>(content.subarray(start).toString().trimEnd());
      if (copy !== null) return { key, start, changes: copy.changes };
    }
    return null;
  }
}

/** Returns the state after some changes as a text. */
function textOf(changes: readonly Change[]): string {
  const state = new ServiceState();
  for (const change of changes) state.apply(checkedChange(change));
  const entries = entriesOf(state).map(({ kind, name, content }) => `${kind} ${name} ${content}`);
  return entries.sort().join('\n');
}
