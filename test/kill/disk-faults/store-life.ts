/**
 * One life of the service's store under faults, for `store-faults.ts`: opens the store in the
 * directory of the first argument, and records statements. Writes to standard output what it begins
 * and how that ended, one JSON line each, so that the parent knows what was acknowledged.
 */
import fs from 'node:fs';
import { EngineError } from '../../../src/core/engine-error.ts';
import { ServiceStore } from '../../../src/service/store/service-store.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { randomChanges } from './random-changes.ts';

const [directory, seed, statements] = process.argv.slice(2);
const tell = (line: object): void => void fs.writeSync(1, `${JSON.stringify(line)}\n`);
const random = new SeededRandom(Number(seed), 5);

try {
  const store = ServiceStore.open(directory!, { warn: (_, message) => tell({ warning: message }) });
  tell({ opened: store.all() });
  for (let i = 0; i < Number(statements); i++) {
    const changes = randomChanges(store, random);
    tell({ begins: changes });
    try {
      store.record(...changes);
      tell({ acknowledged: true });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      tell({ refused: error.code, message: error.message });
    }
  }
  store.close();
  tell({ closed: true });
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  tell({ failed: error.code, message: error.message });
}
