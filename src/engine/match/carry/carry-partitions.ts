import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import { ByteReader, ByteWriter } from '../../state/byte-codec.ts';
import type { StateBackend } from '../../state/state-backend.ts';
import type { ValueCodec } from '../../state/state-store.ts';
import { limitsOf } from '../match-limits.ts';
import type { MatchingSnapshot } from '../matching-counters.ts';
import { placesOf } from '../matching-parts.ts';
import { STATES_TABLE, TIMERS_TABLE } from '../pattern-shape.ts';
import { type PartitionRow, Tries } from '../standard/partition-row.ts';
import type { PartitionState } from '../standard/partition-state.ts';
import { partitionStateCodec } from '../standard/partition-state-codec.ts';
import { type CompiledMatcher, compileMatcher } from '../standard/standard-matching.ts';
import { type PatternVersion, placesOfSame } from './pattern-version.ts';
import { copyTable } from './table-copy.ts';

/** All conditions of a row are evaluated again. */
const ASK_ALL = 0x7fffffff;

/**
 * Converts the partitions of a pattern with the semantics of the SQL standard, and their deadlines.
 * PATTERN and WITHIN are the same. The current attempt keeps the rows that it has taken. Later
 * tests use the new conditions.
 */
export async function carryPartitions(
  backend: StateBackend,
  before: PatternVersion,
  after: PatternVersion,
  from: MatchingSnapshot,
  environment: FunctionEnvironment,
): Promise<MatchingSnapshot> {
  const old = compiled(before, environment);
  const now = compiled(after, environment);
  const places = placesOfSame(after, after.kept, before, before.kept);
  const limits = limitsOf(after.settings);
  const copy = { backend, from: before.operator, to: after.operator };
  const writer = new ByteWriter();
  let partialMatches = 0;
  let stateBytes = 0;
  await copyTable({ ...copy, table: STATES_TABLE }, (value) => {
    const state = old.codec.decode(new ByteReader(value)) as PartitionState;
    convertRows(state, places);
    if (!now.matcher.numbersMatches) state.matches = 0;
    partialMatches += now.matcher.matcher.openIn(state);
    if (limits !== null) stateBytes += now.codec.sizeOf(state);
    writer.position = 0;
    now.codec.encode(state, writer);
    return writer.finish();
  });
  await copyTable({ ...copy, table: TIMERS_TABLE }, (value) => value);
  const counts = { matches: from.matches, timedOut: from.timedOut, partialMatches };
  if (limits === null) return counts;
  const { droppedPartialMatches = 0, droppedMatches = 0 } = from.limits ?? {};
  return { ...counts, limits: { droppedPartialMatches, droppedMatches, stateBytes } };
}

function compiled(
  { node, fields, kept }: PatternVersion,
  environment: FunctionEnvironment,
): { readonly matcher: CompiledMatcher; readonly codec: ValueCodec } {
  const matcher = compileMatcher(node, kept, placesOf(kept, fields.length), environment);
  const types = kept.map((column) => fields[column]!.type);
  return { matcher, codec: partitionStateCodec(matcher.stepper, types) };
}

/**
 * Converts the rows to the new kept columns. Stored paths refer to rows only by their number.
 */
function convertRows(state: PartitionState, places: Int32Array): void {
  state.rows = state.rows.map(
    ({ time, sequence, values }): PartitionRow => ({
      time,
      sequence,
      values: Array.from(places, (place) => values[place]),
      holds: 0,
      asks: ASK_ALL,
      tries: new Tries(),
    }),
  );
}
