import type { Catalog } from '../compiler/catalog.ts';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile-result.ts';
import { connectorCatalog } from '../connectors/connector-registry.ts';
import { droppedNames } from './check-drops.ts';

/** Returns the first view that cannot be used without the dropped tables and views, or null. */
export function viewWithoutTables(result: CompileResult, before: Catalog): string | null {
  if (droppedNames(result, before).length === 0) return null;
  const { catalog } = result;
  return [...catalog.views.keys()].find((view) => !compiles(view, catalog)) ?? null;
}

function compiles(view: string, catalog: Catalog): boolean {
  const text = `EXPLAIN SELECT * FROM \`${view.replaceAll('`', '``')}\``;
  const { diagnostics } = compile(text, { fileName: 'view', catalog, connectors: connectorCatalog, settings: {} });
  return diagnostics.every((d) => d.severity !== 'error');
}
