import type { OperatorIdentity } from '../checkpoint/manifest.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';

/** Entries in use by the name of the operator and its table. */
export function entriesByName(
  store: CachedStateStore,
  operators: readonly OperatorIdentity[],
): Readonly<Record<string, number>> {
  const names = new Map(operators.map(({ number, name }) => [String(number), name]));
  return Object.fromEntries(
    Object.entries(store.entryCounts()).map(([key, count]) => {
      const [operator, ...table] = key.split('.');
      return [`${names.get(operator!) ?? operator}, ${table.join('.')}`, count];
    }),
  );
}
