import type { DataType } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { Operation } from '../../plan/plan-node.ts';
import type { WindowSpec, WindowTime } from '../../plan/window-spec.ts';

/**
 * A query under construction: the operation of a plan node and its inputs. A graph, not a tree:
 * several readers share a table's relation. `plan` nodes are made from it by `assemble-plan.ts`.
 */
export interface Relation {
  readonly operation: Operation;
  readonly inputs: readonly Relation[];
  readonly fields: readonly RelationField[];
  /** Whether −U, +U, −D may come out. */
  readonly updating: boolean;
  /** Part of the node's name: table, view or sink it belongs to. */
  readonly scope: string;
}

export interface RelationField {
  readonly name: string;
  readonly type: DataType;
  /** Set on window_start, window_end, window_time of a window table function or what kept them. */
  readonly window?: WindowColumn;
}

export interface WindowColumn {
  readonly role: 'start' | 'end' | 'time';
  readonly origin: WindowOrigin;
}

/** Where windows were assigned; one object for each table function in the text. */
export interface WindowOrigin {
  readonly spec: WindowSpec;
  readonly time: WindowTime;
  /**
   * The table function's relation; null after an aggregation, whose windows can only be taken over
   * as they are.
   */
  readonly table: Relation | null;
}

export function project(
  input: Relation,
  expressions: readonly Expression[],
  fields: readonly RelationField[],
  scope: string,
): Relation {
  return { operation: { kind: 'project', expressions }, inputs: [input], fields, updating: input.updating, scope };
}

export function filter(input: Relation, condition: Expression, scope: string): Relation {
  return {
    operation: { kind: 'filter', condition },
    inputs: [input],
    fields: input.fields,
    updating: input.updating,
    scope,
  };
}
