import type { AggregateCall, Expression } from '../../plan/expression.ts';
import { collectColumns, mapAggregate, partsOf, replaceColumns } from '../../plan/walk-expression.ts';
import type { Operation, Relation } from '../lower/relation.ts';

/**
 * Leaves out every column that no consumer reads, so that the scan decodes only what is needed.
 * Works on a graph: a shared relation keeps what any of its readers wants. The columns of the roots
 * (sinks) all stay.
 */
export function pruneColumns(roots: readonly Relation[]): Relation[] {
  const order = topological(roots);
  const wanted = new Map<Relation, Set<number>>(order.map((relation) => [relation, new Set<number>()]));
  for (const root of roots) for (const i of root.fields.keys()) wanted.get(root)!.add(i);
  for (const relation of [...order].reverse()) demand(relation, wanted);
  const rebuilt = new Map<Relation, Rebuilt>();
  for (const relation of order) rebuilt.set(relation, rebuild(relation, wanted.get(relation)!, rebuilt));
  return roots.map((root) => rebuilt.get(root)!.relation);
}

/** Inputs before their readers. */
export function topological(roots: readonly Relation[]): Relation[] {
  const order: Relation[] = [];
  const seen = new Set<Relation>();
  const visit = (relation: Relation): void => {
    if (seen.has(relation)) return;
    seen.add(relation);
    for (const input of relation.inputs) visit(input);
    order.push(relation);
  };
  for (const root of roots) visit(root);
  return order;
}

interface Rebuilt {
  readonly relation: Relation;
  /** Old position → new one; -1 where the column is gone. */
  readonly moved: readonly number[];
}

/** Adds to the inputs' wanted columns what this relation needs of them. */
function demand(relation: Relation, wanted: Map<Relation, Set<number>>): void {
  const own = wanted.get(relation)!;
  const { operation, inputs } = relation;
  const need = inputs.map((input) => wanted.get(input)!);
  const first = need[0]!;
  switch (operation.kind) {
    case 'scan':
      return;
    case 'project':
      for (const i of own) collectColumns(operation.expressions[i]!, first);
      return;
    case 'filter':
      for (const i of own) first.add(i);
      collectColumns(operation.condition, first);
      return;
    case 'watermark':
      for (const i of own) first.add(i);
      first.add(operation.column);
      collectColumns(operation.expression, first);
      return;
    case 'union':
      for (const input of need) for (const i of own) input.add(i);
      return;
    case 'window-table': {
      const width = inputs[0]!.fields.length;
      for (const i of own) if (i < width) first.add(i);
      first.add(operation.time.column);
      if (operation.window.kind === 'session') for (const i of operation.window.partition) first.add(i);
      return;
    }
    case 'group-aggregate':
      for (const key of operation.keys) first.add(key);
      demandAggregates(operation.aggregates, first);
      return;
    case 'window-aggregate':
      for (const key of operation.keys) first.add(key);
      demandAggregates(operation.aggregates, first);
      first.add(operation.time.column);
      if (operation.attached) first.add(operation.attached.start).add(operation.attached.end);
      if (operation.window.kind === 'session' && !operation.attached)
        for (const i of operation.window.partition) first.add(i);
      return;
    case 'match':
      for (const i of operation.partition) first.add(i);
      first.add(operation.time.column);
      for (const item of operation.order) first.add(item.column);
      for (const definition of operation.define) collectColumns(definition.condition, first);
      for (const measure of operation.measures) collectColumns(measure, first);
      for (const output of operation.outputs) if ('column' in output) first.add(output.column);
      return;
    case 'sink':
      for (const i of inputs[0]!.fields.keys()) first.add(i);
      return;
  }
}

function demandAggregates(calls: readonly AggregateCall[], into: Set<number>): void {
  for (const call of calls) for (const part of partsOf(call)) collectColumns(part, into);
}

function rebuild(relation: Relation, own: ReadonlySet<number>, done: ReadonlyMap<Relation, Rebuilt>): Rebuilt {
  const inputs = relation.inputs.map((input) => done.get(input)!);
  const moved = inputs[0]?.moved ?? [];
  const at = (index: number): number => moved[index]!;
  const move = (expression: Expression): Expression =>
    replaceColumns(expression, (column) => ({ ...column, index: at(column.index) }));
  const { operation } = relation;
  const keep = (positions: readonly number[], changed: Operation): Rebuilt =>
    finish(relation, inputs, positions, changed);
  const all = relation.fields.map((_, i) => i);
  switch (operation.kind) {
    case 'scan': {
      const kept = all.filter((i) => own.has(i));
      return keep(kept, { ...operation, columns: kept.map((i) => operation.columns[i]!) });
    }
    case 'project': {
      const kept = all.filter((i) => own.has(i));
      return keep(kept, { ...operation, expressions: kept.map((i) => move(operation.expressions[i]!)) });
    }
    case 'filter':
      return keep(passing(inputs[0]!), { ...operation, condition: move(operation.condition) });
    case 'watermark':
      return keep(passing(inputs[0]!), {
        ...operation,
        column: at(operation.column),
        expression: move(operation.expression),
      });
    case 'union':
      return rebuildUnion(relation, inputs, own);
    case 'window-table': {
      const width = relation.inputs[0]!.fields.length;
      const kept = [...passing(inputs[0]!), ...all.filter((i) => i >= width)];
      return keep(kept, {
        ...operation,
        window: moveWindow(operation.window, at),
        time: { ...operation.time, column: at(operation.time.column) },
      });
    }
    case 'group-aggregate':
      return keep(all, {
        ...operation,
        keys: operation.keys.map(at),
        aggregates: operation.aggregates.map((call) => mapAggregate(call, move)),
      });
    case 'window-aggregate':
      return keep(all, {
        ...operation,
        window: operation.attached ? operation.window : moveWindow(operation.window, at),
        time: { ...operation.time, column: at(operation.time.column) },
        keys: operation.keys.map(at),
        aggregates: operation.aggregates.map((call) => mapAggregate(call, move)),
        ...(operation.attached
          ? { attached: { start: at(operation.attached.start), end: at(operation.attached.end) } }
          : {}),
      });
    case 'match':
      return keep(all, {
        ...operation,
        partition: operation.partition.map(at),
        time: { ...operation.time, column: at(operation.time.column) },
        order: operation.order.map((item) => ({ ...item, column: at(item.column) })),
        define: operation.define.map((definition) => ({ ...definition, condition: move(definition.condition) })),
        measures: operation.measures.map(move),
        outputs: operation.outputs.map((output) => ('column' in output ? { column: at(output.column) } : output)),
      });
    case 'sink':
      return keep(all, operation);
  }
}

const moveWindow = <T extends { readonly kind: string }>(window: T, at: (index: number) => number): T =>
  'partition' in window ? { ...window, partition: (window.partition as readonly number[]).map(at) } : window;

/** The input's columns that are left, by their old positions. */
const passing = (input: Rebuilt): number[] => input.moved.flatMap((position, i) => (position < 0 ? [] : [i]));

function finish(
  relation: Relation,
  inputs: readonly Rebuilt[],
  kept: readonly number[],
  operation: Operation,
): Rebuilt {
  const moved = relation.fields.map((_, i) => kept.indexOf(i));
  const rebuilt: Relation = {
    ...relation,
    operation,
    inputs: inputs.map((input) => input.relation),
    fields: kept.map((i) => relation.fields[i]!),
  };
  return { relation: rebuilt, moved };
}

/**
 * Inputs of a union may have kept columns that others dropped: a projection brings them to one
 * form.
 */
function rebuildUnion(relation: Relation, inputs: readonly Rebuilt[], own: ReadonlySet<number>): Rebuilt {
  const kept = relation.fields.flatMap((_, i) => (own.has(i) ? [i] : []));
  const fields = kept.map((i) => relation.fields[i]!);
  const formed = inputs.map((input): Relation => {
    const positions = kept.map((i) => input.moved[i]!);
    const same = positions.length === input.relation.fields.length && positions.every((position, i) => position === i);
    if (same) return input.relation;
    const expressions = positions.map(
      (index): Expression => ({ kind: 'column', index, type: input.relation.fields[index]!.type }),
    );
    return {
      operation: { kind: 'project', expressions },
      inputs: [input.relation],
      fields,
      updating: relation.updating,
      scope: relation.scope,
    };
  });
  return { relation: { ...relation, inputs: formed, fields }, moved: relation.fields.map((_, i) => kept.indexOf(i)) };
}
