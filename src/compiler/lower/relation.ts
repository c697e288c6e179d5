import type { DataType } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Operation } from '../../plan/plan-node.ts';
import { type ChangelogMode, isInsertOnly } from '../../plan/traits.ts';
import type { WindowSpec, WindowTime } from '../../plan/window-spec.ts';

/**
 * A query under construction: the operation of a plan node and its inputs. Relations form a graph
 * and not a tree, because several readers share a table's relation. `plan` nodes are made from it
 * by `assemble-plan.ts`.
 */
export interface Relation {
  readonly operation: Operation;
  readonly inputs: readonly Relation[];
  readonly fields: readonly RelationField[];
  /** Part of the node's name: the table, view or sink to which the node belongs. */
  readonly scope: string;
}

export interface RelationField {
  readonly name: string;
  readonly type: DataType;
  /**
   * Set on window_start, window_end and window_time of a window table function, and on columns that
   * pass them on unchanged.
   */
  readonly window?: WindowColumn;
  /** The compiler has added the column for a key of GROUP BY. The text does not name it. */
  readonly added?: true;
}

export interface WindowColumn {
  readonly role: 'start' | 'end' | 'time';
  readonly origin: WindowOrigin;
}

/** The assignment of windows. Each table function in the text has one object. */
export interface WindowOrigin {
  readonly spec: WindowSpec;
  readonly time: WindowTime;
  /**
   * The table function's relation. Null after an aggregation: a later operation can only use the
   * windows unchanged.
   */
  readonly table: Relation | null;
  /** After an aggregation: its relation. The first `keys` columns are the keys but the window. */
  readonly grouped?: { readonly relation: Relation; readonly keys: number };
}

export function project(
  input: Relation,
  expressions: readonly Expression[],
  fields: readonly RelationField[],
  scope: string,
): Relation {
  return { operation: { kind: 'project', expressions }, inputs: [input], fields, scope };
}

/** Returns whether the relation may emit −U, +U or −D. */
export const isUpdating = (relation: Relation): boolean => !isInsertOnly(changesOf(relation));

const known = new WeakMap<Relation, ChangelogMode>();

function changesOf(relation: Relation): ChangelogMode {
  const { operation, inputs } = relation;
  let changes = known.get(relation);
  if (changes === undefined) {
    changes = definitionOf(operation).changes(operation, inputs.map(changesOf));
    known.set(relation, changes);
  }
  return changes;
}

export function filter(input: Relation, condition: Expression, scope: string): Relation {
  return {
    operation: { kind: 'filter', condition },
    inputs: [input],
    fields: input.fields,
    scope,
  };
}
