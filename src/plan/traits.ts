import type { Field } from '../core/data-type.ts';
import { column, count, type Decoder, flag, list, oneOf, orNull, record } from './decode/decoder.ts';
import type { NodeBase } from './nodes/node-definition.ts';

/**
 * The changes that a node sends besides +I, modelled after Flink's `ChangelogMode`. The default is
 * none: rows are only added.
 */
export interface ChangelogMode {
  /**
   * An update is sent as +U alone, which replaces the row of the same upsert key, or as −U and
   * +U.
   */
  readonly updates: 'none' | 'after' | 'before-and-after';
  /** Whether −D contains the whole row, or only its upsert key. */
  readonly deletes: 'none' | 'key' | 'full';
}

export const INSERT_ONLY: ChangelogMode = { updates: 'none', deletes: 'none' };

export const isInsertOnly = ({ updates, deletes }: ChangelogMode): boolean => updates === 'none' && deletes === 'none';

/** A key: positions of the node's fields; the empty key says that there is at most one row. */
export type Key = readonly number[];

export interface Keys {
  /** At most one row at a time has the same values in these fields. */
  readonly unique: readonly Key[];
  /**
   * Unique keys that an update of a row does not change. The update finds the row to replace by
   * them.
   */
  readonly upsert: readonly Key[];
}

export const NO_KEYS: Keys = { unique: [], upsert: [] };

/**
 * The compiler's knowledge about the rows that a node sends and the rows that it needs. It is
 * inferred once (`infer-traits.ts`) and stored in the plan. The engine infers nothing.
 */
export interface NodeTraits {
  readonly changes: ChangelogMode;
  readonly keys: Keys;
  /** Fields that are time attributes. */
  readonly eventTime: readonly number[];
  readonly processingTime: readonly number[];
  /**
   * For each input the columns by which its rows must be together on one thread. No columns: all
   * rows must be together. Null: any thread may have any row.
   */
  readonly together: readonly (readonly number[] | null)[];
  /** It keeps state between batches, so its output depends on the order of its rows. */
  readonly stateful: boolean;
  /**
   * The order among inputs matters: rows of one source arrive on several inputs, and a later node
   * depends on their order. The node merges them by their place in the source.
   */
  readonly mergesWays: boolean;
  /** Its rows go to a node that merges them, so they have origins. */
  readonly tracksOrigin: boolean;
}

export const isTimeField =
  (attribute: 'rowtime' | 'proctime') =>
  ({ type }: Field): boolean =>
    (type.kind === 'timestamp' || type.kind === 'timestamp-ltz') && type.attribute === attribute;

const keyList = list(list(column));

/** Columns are positions of the node's fields, except in `together`. */
const nodeTraits: Decoder<NodeTraits> = record<NodeTraits>({
  changes: record<ChangelogMode>({
    updates: oneOf('none', 'after', 'before-and-after'),
    deletes: oneOf('none', 'key', 'full'),
  }),
  keys: record<Keys>({ unique: keyList, upsert: keyList }),
  eventTime: list(column),
  processingTime: list(column),
  together: list(orNull(list(count))),
  stateful: flag,
  mergesWays: flag,
  tracksOrigin: flag,
});

/** The traits of a node that follows the nodes `before`. */
export const plannedTraits =
  ({ fields, inputs }: NodeBase, before: readonly NodeBase[]): Decoder<NodeTraits> =>
  (value, place) => {
    place.columns = fields.length;
    const traits = nodeTraits(value, place);
    const widths = inputs.map((input) => before[input]!.fields.length);
    const fits = traits.together.every((columns, i) => columns?.every((each) => each < widths[i]!) ?? true);
    if (traits.together.length !== widths.length || !fits) place.fail('have a `together` that does not fit the inputs');
    return traits;
  };

/** Returns the changes that may be sent, e.g. `+I −U +U −D`. */
export function changesText({ updates, deletes }: ChangelogMode): string {
  return [
    '+I',
    ...(updates === 'before-and-after' ? ['−U'] : []),
    ...(updates === 'none' ? [] : ['+U']),
    ...(deletes === 'none' ? [] : [deletes === 'key' ? '−D(key)' : '−D']),
  ].join(' ');
}
