import type { Field } from '../../core/data-type.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { Expression } from '../expression.ts';
import type { Lineage, LineageContext } from '../lineage.ts';
import type { StateBound } from '../state-bound.ts';
import { type ChangelogMode, INSERT_ONLY, type Key, type Keys, type NodeTraits } from '../traits.ts';

/**
 * The properties of every node of a plan. `id` is the node's position in `Plan.nodes`; inputs
 * always have a smaller id. `fields` is the schema of the node's output rows. `name` is unique in
 * the plan, and edits elsewhere in the text do not change it (statement + structural path). A
 * restore with a changed plan finds state by this name.
 */
export interface NodeBase {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly Field[];
  /** Ids of the nodes that it reads, in order. */
  readonly inputs: readonly number[];
}

/** The schemas around a node. */
export interface Schemas {
  readonly fields: readonly Field[];
  readonly inputs: readonly (readonly Field[])[];
}

/**
 * The definition of a kind of node at the plan level. An *operation* is a node without its place in
 * a plan: it says what the node does to its inputs. The compiler rewrites operations; a plan has
 * nodes.
 */
export interface NodeDefinition<Operation extends object> {
  readonly inputs: 'none' | 'one' | 'several';
  /** All expressions that it evaluates, those of aggregate calls too. */
  readonly expressions: (operation: Operation) => readonly Expression[];
  /**
   * Whether its output depends on watermarks, apart from CURRENT_WATERMARK in its expressions.
   */
  readonly waitsForWatermark: (operation: Operation) => boolean;
  /**
   * For each input the columns that it reads when consumers read the columns `wanted` of its
   * output.
   */
  readonly columnsRead: (
    operation: Operation,
    schemas: Schemas,
    wanted: ReadonlySet<number>,
  ) => readonly Iterable<number>[];
  /** The columns of its output that are never removed. Absent: none. */
  readonly columnsKept?: (operation: Operation) => readonly number[];
  /** Whether the rows that it sends depend on which columns are removed. Absent: they do not. */
  readonly rowsDependOnColumns?: (operation: Operation) => boolean;
  /** The operation over inputs that have lost columns. */
  readonly prune: (operation: Operation, pruning: Pruning) => Pruned<Operation>;
  /** The lineage of its rows and columns. */
  readonly lineage: (node: Operation & NodeBase, inputs: readonly Lineage[], context: LineageContext) => Lineage;
  /**
   * The meaning of its state, in terms of the lineage of the inputs' columns. Two nodes of equal
   * meaning can take over each other's state. Null if it keeps no state, or if the parts of its
   * state are compared one by one.
   */
  readonly meaning: ((node: Operation & NodeBase, columns: readonly (readonly string[])[]) => unknown) | null;
  /** The changes that it may send, given the changes that its inputs may send. */
  readonly changes: (operation: Operation, inputs: readonly ChangelogMode[]) => ChangelogMode;
  /** The keys of the rows that it sends. */
  readonly keys: (operation: Operation, schemas: Schemas, inputs: readonly Keys[]) => Keys;
  /** For each input the columns by which its rows must be together (`NodeTraits.together`). */
  readonly together: (operation: Operation, schemas: Schemas) => NodeTraits['together'];
  /** Whether it keeps state between batches. */
  readonly keepsState: (operation: Operation) => boolean;
  /** The state that it keeps, for EXPLAIN; null: none. */
  readonly stateBound: (operation: Operation) => StateBound | null;
  /** One line of EXPLAIN. */
  readonly explain: (operation: Operation, schemas: Schemas) => string;
  /**
   * All properties that have a meaning, without mere names. The result must never change:
   * checkpoints find state by its hash.
   */
  readonly fingerprint: (operation: Operation) => object;
  readonly decode: Decoder<Operation>;
  /** The part of a decoded operation that does not fit these schemas; null: none. */
  readonly misfit: (operation: Operation, schemas: Schemas) => string | null;
}

/** Returns the changes of nodes that pass changes on unchanged. */
export const sameChanges = (_operation: unknown, [input]: readonly ChangelogMode[]): ChangelogMode => input!;

/** For nodes that only add rows. */
export const onlyInserts = (): ChangelogMode => INSERT_ONLY;

/**
 * Returns the keys that remain when column `c` of the input becomes field `fieldOf(c)`; undefined:
 * the column is dropped.
 */
export function keptKeys({ unique, upsert }: Keys, fieldOf: (column: number) => number | undefined): Keys {
  const kept = (keys: readonly Key[]): Key[] =>
    keys.flatMap((key) => {
      const fields = key.map(fieldOf);
      return fields.includes(undefined) ? [] : [fields as Key];
    });
  return { unique: kept(unique), upsert: kept(upsert) };
}

/** Returns the keys of nodes that pass each row on once, with its columns first. */
export const sameKeys = (_operation: unknown, _schemas: Schemas, [input]: readonly Keys[]): Keys => input!;

/** One key, which updates do not change. */
export const oneKey = (key: Key): Keys => ({ unique: [key], upsert: [key] });

/** Returns the trait of nodes that look at one row at a time. */
export const anywhere = (): NodeTraits['together'] => [null];

/**
 * The changes of column pruning to a node's inputs, and the columns that the node must still give.
 */
export interface Pruning extends Schemas {
  /** The columns that consumers read. */
  readonly wanted: ReadonlySet<number>;
  /** For each input: old position of a column → new one; -1 if the column is dropped. */
  readonly moved: readonly (readonly number[])[];
}

export interface Pruned<Operation> {
  readonly operation: Operation;
  /** Old positions of the columns that it still gives. */
  readonly kept: readonly number[];
  /**
   * For each input the columns that it must give, in this order, by their new positions. Absent: as
   * it is.
   */
  readonly forms?: readonly (readonly number[])[];
}

/** The new position of a column of the first input. */
export const movedColumn =
  ({ moved }: Pruning): ((column: number) => number) =>
  (position) =>
    moved[0]![position]!;

/** Returns the old positions of the columns of the first input that are left. */
export const remainingColumns = ({ moved }: Pruning): readonly number[] =>
  moved[0]!.flatMap((position, i) => (position < 0 ? [] : [i]));

export const allColumns = (fields: readonly Field[]): readonly number[] => fields.map((_, i) => i);

/**
 * Returns an error text if a node that passes rows on has another number of columns than its input;
 * otherwise null.
 */
export const sameWidth = ({ fields, inputs }: Schemas): string | null =>
  inputs.every((input) => input.length === fields.length) ? null : 'has another number of fields than its input';
