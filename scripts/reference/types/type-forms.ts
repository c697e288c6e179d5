import { type DataType, typeName } from '../../../src/core/data-type.ts';
import { CsvEncoder } from '../../../src/formats/csv/csv-encoder.ts';
import { csvOptions } from '../../../src/formats/csv/csv-options.ts';
import { writeJsonValue } from '../../../src/formats/value-text.ts';
import { run } from '../../../src/index.ts';
import { valueReader } from '../../../src/library/row.ts';
import { typeNamed } from '../typed-call.ts';
import type { TypeEntry } from './type-entries.ts';

/** A value of a type in JSON and CSV. Null: the format cannot have the type. */
export interface TypeForms {
  readonly json: string | null;
  readonly csv: string | null;
}

/** Returns the forms of the example of a type. */
export async function formsOf(entry: TypeEntry): Promise<TypeForms> {
  const found = typeNamed(entry.column ?? entry.type);
  // Only a type that a column can have can be written.
  if (found === null) return { json: null, csv: null };
  const { type } = found;
  const value = entry.internal ?? (await internalValue(entry.example, type));
  return { json: writeJsonValue(type)(value), csv: csvForm(type, value) };
}

async function internalValue(example: string, type: DataType): Promise<unknown> {
  await using program = await run(`SELECT CAST(${example} AS ${typeName({ ...type, nullable: true })}) AS v;`, {
    settings: { 'state.backend.type': 'memory' },
  });
  for await (const { v } of program.rows()) return valueReader(type)(v);
  throw new Error(`no row: ${example}`);
}

function csvForm(type: DataType, value: unknown): string | null {
  if (type.kind === 'map' || type.kind === 'multiset') return null;
  return new CsvEncoder([{ name: 'v', type }], csvOptions({})).record([value]);
}
