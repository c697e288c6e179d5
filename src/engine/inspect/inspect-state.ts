import { systemClock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { Endpoints } from '../endpoints.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { loadOperators } from '../operators/operator-registry.ts';
import { ByteReader } from '../state/byte-codec.ts';
import { CachedStateStore } from '../state/cached-state-store.ts';
import type { TableKind } from '../state/entries.ts';
import { KEY_GROUPS, parseEntryKey, parseOrderedKey } from '../state/entry-key.ts';
import { keyPart, readInteger } from '../state/key-codec.ts';
import { decodeLong } from '../state/long-codec.ts';
import { MemoryBackend } from '../state/memory-backend.ts';
import type { StateBackend, StateEntry } from '../state/state-backend.ts';
import type { StateColumn, StateStore, TableSpec } from '../state/state-store.ts';

/** A table that the plan of a checkpoint declares. */
export interface DeclaredTable {
  /** `<operator>.<table>`. */
  readonly name: string;
  readonly spec: TableSpec;
  readonly kind: TableKind;
}

export interface TableSize {
  readonly name: string;
  readonly entries: number;
  /** Bytes of keys and values, before compression. */
  readonly bytes: number;
}

export interface DecodedEntry {
  /** Internal values of `spec.key`; empty where entries have no key. */
  readonly key: readonly unknown[];
  /** Milliseconds since 1970 in timed tables. */
  readonly time: number | null;
  /** In ordered tables: the order of the entries of a key. */
  readonly place: number | null;
  /** Values in the order of the table's columns. */
  readonly values: readonly unknown[];
}

/**
 * Returns the tables that the operators of the manifest's plan declare, in plan order. The plan
 * defines the meaning of the state's bytes.
 */
export async function declaredTables({ plan, operators }: Manifest): Promise<readonly DeclaredTable[]> {
  await loadOperators(plan);
  const numbers = new Map(operators.map((o) => [o.name, o.number]));
  const names = new Map(operators.map((o) => [o.number, o.name]));
  const found: DeclaredTable[] = [];
  const store = new CachedStateStore(new MemoryBackend(), 1 << 20);
  const note = (spec: TableSpec, kind: TableKind): void => {
    found.push({ name: `${names.get(spec.operator)}.${spec.name}`, spec, kind });
  };
  const noting: StateStore = {
    keyedTable(spec) {
      note(spec, 'keyed');
      return store.keyedTable(spec);
    },
    timedTable(spec) {
      note(spec, 'timed');
      return store.timedTable(spec);
    },
    orderedTable(spec) {
      note(spec, 'ordered');
      return store.orderedTable(spec);
    },
  };
  buildGraph(plan, NOWHERE, (name) => numbers.get(name)!, {
    state: noting,
    clock: systemClock,
    settings: plan.settings,
    environment: { zone: plan.settings['table.local-time-zone'] ?? 'UTC', now: () => 0, random: () => 0 },
    batchRows: 1,
  });
  return found;
}

/**
 * Entries and bytes of each table, in one pass over the state of all subtasks. Tables that no
 * operator of the plan declares are listed by their numbers.
 */
export async function tableSizes(
  backends: readonly StateBackend[],
  tables: readonly DeclaredTable[],
): Promise<readonly TableSize[]> {
  const sizes = new Map<number, { name: string; entries: number; bytes: number }>();
  for (const { name, spec } of tables) sizes.set(prefixOf(spec), { name, entries: 0, bytes: 0 });
  const count = ({ key, value }: StateEntry): void => {
    const prefix = key.readUIntBE(0, 3);
    const known = sizes.get(prefix) ?? { name: `operator ${prefix >> 8}, table ${prefix & 255}`, entries: 0, bytes: 0 };
    known.entries++;
    known.bytes += key.length + value.length;
    sizes.set(prefix, known);
  };
  for (const backend of backends) {
    for await (const chunk of backend.scan(Buffer.alloc(3), Buffer.alloc(3, 0xff))) chunk.forEach(count);
  }
  return [...sizes.values()];
}

/** Yields all entries of a table, decoded, in the order of their keys within each key group. */
export async function* tableEntries(backend: StateBackend, table: DeclaredTable): AsyncIterable<DecodedEntry> {
  const from = Buffer.alloc(3);
  from.writeUIntBE(prefixOf(table.spec), 0, 3);
  const to = Buffer.alloc(5);
  to.writeUIntBE(prefixOf(table.spec), 0, 3);
  to.writeUInt16BE(KEY_GROUPS, 3);
  const decode = entryDecoder(table);
  for await (const chunk of backend.scan(from, to)) for (const entry of chunk) yield decode(entry);
}

/** Returns the table of that name. Throws with the known names if there is none. */
export function tableNamed(tables: readonly DeclaredTable[], name: string): DeclaredTable {
  const found = tables.find((table) => table.name === name);
  if (found !== undefined) return found;
  const names = tables.map((table) => table.name).join(', ');
  throw new EngineError(
    'CONFIG_USAGE',
    names === '' ? 'the query of this checkpoint keeps no state' : `there is no table ${name}; there are ${names}`,
    { name },
  );
}

function entryDecoder({ spec, kind }: DeclaredTable): (entry: StateEntry) => DecodedEntry {
  const parts = spec.key.map(keyPart);
  return ({ key, value }) => {
    const { time, start } = parseEntryKey(key, kind === 'timed');
    const keyReader = new ByteReader(key, start);
    const reader = new ByteReader(value);
    // Entries of a timed table begin with their place in the order of arrival.
    if (kind === 'timed') reader.varint();
    return {
      key: parts.map((part) => part.read(keyReader)),
      time,
      place: kind === 'ordered' ? (readInteger(new ByteReader(key, parseOrderedKey(key).end)) as number) : null,
      values: spec.columns.map((column) => columnValue(column, reader)),
    };
  };
}

function columnValue(column: StateColumn, reader: ByteReader): unknown {
  if (column.kind === 'value') return column.codec.decode(reader);
  return column.kind === 'long' ? decodeLong(reader) : reader.double();
}

const prefixOf = ({ operator, table }: TableSpec): number => operator * 256 + table;

const NOWHERE: Endpoints = {
  identity: () => null,
  source: () => ({
    splits: () => [],
    metrics: () => ({ malformed: 0, bytes: 0 }),
    close: () => {},
  }),
  sink: () => ({
    write: () => {},
    prepare: () => ({ prepared: Promise.resolve(null) }),
    commit: async () => {},
    restore: async () => {},
    close: async () => {},
  }),
};
