import fs from 'node:fs';
import path from 'node:path';
import { compile } from '../../../src/compiler/compile.ts';
import { connectorCatalog } from '../../../src/connectors/connector-registry.ts';
import { typeName } from '../../../src/core/data-type.ts';
import { queryOf, type TypeQuestion, tablesOf } from './questions.ts';

/** A question with the oracle's type, or the stage at which it was refused. */
export type RecordedType = TypeQuestion & ({ readonly type: string } | { readonly refused: string });

const FILE = path.join(import.meta.dirname, 'recorded.jsonl');

/** Reads the recorded types. A line without `from` has that of the line before. */
export function readTypes(): readonly RecordedType[] {
  let from = '';
  const lines = fs.readFileSync(FILE, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const recorded = JSON.parse(line) as RecordedType;
      from = recorded.from ?? from;
      return { ...recorded, from };
    });
}

export function writeTypes(recorded: readonly RecordedType[]): void {
  const lines = recorded.map(({ from, ...rest }, i) => {
    const line = from === recorded[i - 1]?.from ? rest : { from, ...rest };
    return `${JSON.stringify(line)}\n`;
  });
  fs.writeFileSync(FILE, lines.join(''));
}

const compiled = (text: string, catalog: Parameters<typeof compile>[1]['catalog']): ReturnType<typeof compile> =>
  compile(text, {
    fileName: 'types',
    catalog,
    connectors: connectorCatalog,
    settings: { 'sequitur.sql.level': 'portable' },
  });

const catalogs = new Map<string, Parameters<typeof compile>[1]['catalog']>();

function catalogOf(tables: string): Parameters<typeof compile>[1]['catalog'] {
  const known = catalogs.get(tables);
  if (known !== undefined) return known;
  const { catalog } = compiled(tables, { tables: new Map(), views: new Map() });
  catalogs.set(tables, catalog);
  return catalog;
}

/**
 * Returns the types of the columns of a query at the level `portable`, or the reason why it is
 * refused. A computed time is no time attribute: Flink's planner drops the attribute, so it is left
 * out here too.
 */
export function typesOf(expressions: readonly string[], from: string): readonly string[] | string {
  const { diagnostics, statements } = compiled(`${queryOf(expressions, from)};`, catalogOf(tablesOf(from)));
  const mistake = diagnostics.find(({ severity }) => severity === 'error');
  if (mistake !== undefined) return mistake.message;
  const [job] = statements;
  if (job?.kind !== 'job') throw new Error(`no query: ${expressions.join(', ')}`);
  return job.plan.nodes.at(-1)!.fields.map(({ type }) => typeName(type));
}
