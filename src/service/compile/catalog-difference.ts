import type { Catalog, CatalogView } from '../../compiler/catalog.ts';
import type { CatalogDifference } from './compile-request.ts';

/**
 * Returns what changes `before` into `after`, or null if they are equal. Compares tables by
 * identity, because the compiler keeps the objects of unchanged tables.
 */
export function catalogDifference(before: Catalog, after: Catalog): CatalogDifference | null {
  const tables = [...after.tables.values()].filter((table) => before.tables.get(table.name) !== table);
  const views = [...after.views.values()].filter((view) => !sameView(before.views.get(view.name), view));
  const same = before.tables.size === after.tables.size && before.views.size === after.views.size;
  if (same && tables.length === 0 && views.length === 0) return null;
  return { tables, views, tableNames: [...after.tables.keys()], viewNames: [...after.views.keys()] };
}

function sameView(before: CatalogView | undefined, { query, columns }: CatalogView): boolean {
  return before !== undefined && before.query === query && before.columns?.join('\n') === columns?.join('\n');
}

/** Applies a difference. Keeps the objects of unchanged definitions. */
export function changedCatalog(before: Catalog, difference: CatalogDifference | null): Catalog {
  if (difference === null) return before;
  const { tables, views, tableNames, viewNames } = difference;
  return {
    tables: changed(before.tables, tables, tableNames),
    views: changed(before.views, views, viewNames),
  };
}

function changed<T extends { readonly name: string }>(
  before: ReadonlyMap<string, T>,
  definitions: readonly T[],
  names: readonly string[],
): ReadonlyMap<string, T> {
  const all = new Map([...before, ...definitions.map((each) => [each.name, each] as const)]);
  return new Map(names.map((name) => [name, all.get(name)!]));
}
