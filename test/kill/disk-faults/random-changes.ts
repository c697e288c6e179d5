import type { CatalogTable } from '../../../src/compiler/catalog.ts';
import type { Change } from '../../../src/service/store/change.ts';
import type { ServiceState } from '../../../src/service/store/service-state.ts';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { EMPTY_PLAN } from '../../support/empty-plan.ts';

/** Returns the changes of one request that a service with this state could get. */
export function randomChanges(state: ServiceState, random: SeededRandom): readonly Change[] {
  const tables = [...state.catalog.tables.values()];
  const number = state.lastSubmission + 1;
  const submission: Change = { kind: 'submitted', submission: { number, at: number, statements: ['a statement'] } };
  const ids = [...state.jobs.keys()];
  switch (random.below(7)) {
    case 0:
    case 1:
      return [{ kind: 'catalog', tables: [...tables, randomTable(`t${number}`, random)], views: [] }, submission];
    case 2: {
      const without = tables.filter((_, i) => i !== random.below(tables.length + 1));
      return [{ kind: 'catalog', tables: without, views: [] }, submission];
    }
    case 3: {
      const id = `job-${number}`;
      const definition = {
        id,
        origin: 'http',
        plan: { ...EMPTY_PLAN, name: id },
        settings: {},
        createdAt: number,
        baseDirectory: '/',
        roots: null,
        preview: false,
        demo: null,
      };
      return [{ kind: 'job', definition }, submission];
    }
    case 4:
      if (ids.length === 0) return [submission];
      return [{ kind: 'job-ended', id: random.oneOf(ids), end: { state: 'FINISHED', at: number, failure: null } }];
    case 5:
      return ids.length === 0 ? [submission] : [{ kind: 'job-removed', id: random.oneOf(ids) }];
    default:
      return [{ kind: 'reloaded', job: random.oneOf([...ids, 'pattern']), reload: { at: number, operators: [] } }];
  }
}

function randomTable(name: string, random: SeededRandom): CatalogTable {
  // Some tables are larger than a page.
  const path = 'x'.repeat(random.oneOf([10, 100, 1000, 9000]));
  return { name, options: { connector: 'filesystem', path } } as unknown as CatalogTable;
}
