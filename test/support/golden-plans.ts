import fs from 'node:fs';
import path from 'node:path';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { findCases } from '../../src/service/golden/golden-case.ts';

const root = path.join(import.meta.dirname, '../..');

/** Compiles the plans of a text. Returns none if the text has a mistake. */
export function plansOf(text: string): readonly Plan[] {
  const { statements, diagnostics } = compile(text, {
    fileName: 'test',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: {},
  });
  if (diagnostics.some(({ severity }) => severity === 'error')) return [];
  return statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
}

/** Returns the plans of every recorded SQL case and shipped pattern that compiles. */
export function goldenPlans(): readonly Plan[] {
  const cases = findCases([path.join(root, 'test/golden/sql'), path.join(root, 'patterns')]);
  return cases.flatMap(({ sqlFile }) => plansOf(fs.readFileSync(sqlFile, 'utf8')));
}
