import { createHash } from 'node:crypto';
import type { Expression } from './expression.ts';
import { canonicalJson } from './fingerprint.ts';
import type { Plan } from './plan.ts';
import { inputsOf } from './plan.ts';
import type { PlanNode, ScanNode } from './plan-node.ts';
import { mapAggregate, replaceColumns } from './walk-expression.ts';

/**
 * Where the rows and columns of a node come from, as text that does not depend on positions: two
 * plans that read the same data in the same way have the same text, whichever other columns one of
 * them reads besides.
 */
export interface Lineage {
  /** Which rows come. */
  readonly rows: string;
  /** By field: what it holds. */
  readonly columns: readonly string[];
}

export interface LineageRules {
  /** Which of a table's options count. */
  readonly optionsOf: (scan: ScanNode) => unknown;
  /**
   * What decides which rows pass, and when, counts: filters, the delay of watermarks, the zone of
   * the session.
   */
  readonly withConditions: boolean;
  /**
   * A pattern is known by its name here, so that what stands above it does not depend on how it is
   * written.
   */
  readonly patternNames: ReadonlyMap<string, string>;
}

/** By node of the plan. */
export function lineages(plan: Plan, rules: LineageRules): readonly Lineage[] {
  const found: Lineage[] = [];
  const zone = plan.settings['table.local-time-zone'] ?? null;
  for (const node of plan.nodes) {
    const inputs = inputsOf(node).map((input) => found[input]!);
    found.push(lineageOf(node, inputs, { ...rules, zone }));
  }
  return found;
}

/**
 * What a node does with its input, by the lineage of the columns it reads: where it is equal, and
 * the rows that come are, one can take over the state of the other.
 */
export function meaningOf(node: PlanNode, inputs: readonly Lineage[]): string {
  const columns = inputs[0]?.columns ?? [];
  const of = (column: number): string => columns[column]!;
  const { kind, fields } = node;
  switch (node.kind) {
    case 'group-aggregate': {
      const { keys, aggregates, ttlMs, updateBefore } = node;
      const calls = aggregates.map((call) => mapAggregate(call, (part) => named(part, columns)));
      return hash({ kind, fields, keys: keys.map(of), calls, ttlMs, updateBefore });
    }
    case 'window-aggregate': {
      const { window, keys, aggregates, windowFields, attached } = node;
      const calls = aggregates.map((call) => mapAggregate(call, (part) => named(part, columns)));
      const time = { ...node.time, column: of(node.time.column) };
      const cut = attached === undefined ? window : { start: of(attached.start), end: of(attached.end) };
      const partition = window.kind === 'session' ? window.partition.map(of) : [];
      return hash({ kind, fields, cut: { ...cut, partition }, time, keys: keys.map(of), calls, windowFields });
    }
    case 'window-table': {
      const { window } = node;
      const partition = window.kind === 'session' ? window.partition.map(of) : [];
      // A session keeps whole rows.
      return hash({ kind, fields, columns, window: { ...window, partition }, time: of(node.time.column) });
    }
    default: {
      const { id: _id, name: _name, ...own } = node;
      return hash({ own, columns });
    }
  }
}

function lineageOf(
  node: PlanNode,
  inputs: readonly Lineage[],
  rules: LineageRules & { readonly zone: string | null },
): Lineage {
  const first = inputs[0];
  switch (node.kind) {
    case 'scan': {
      const rows = hash({ scan: rules.optionsOf(node), zone: rules.withConditions ? rules.zone : null });
      return {
        rows,
        columns: node.columns.map(({ source, key }, i) => hash({ rows, source, key, type: typeOf(node, i) })),
      };
    }
    case 'project': {
      const columns = node.expressions.map((expression) =>
        expression.kind === 'column'
          ? first!.columns[expression.index]!
          : hash({ expression: named(expression, first!.columns), zone: rules.zone }),
      );
      return { rows: first!.rows, columns };
    }
    case 'filter': {
      if (!rules.withConditions) return first!;
      const condition = named(node.condition, first!.columns);
      return { rows: hash({ condition, of: first!.rows, zone: rules.zone }), columns: first!.columns };
    }
    case 'watermark': {
      const expression = rules.withConditions ? named(node.expression, first!.columns) : null;
      const rows = hash({ watermark: first!.columns[node.column], expression, of: first!.rows });
      return { rows, columns: first!.columns };
    }
    case 'union': {
      const rows = hash({ union: inputs.map((input) => input.rows) });
      return { rows, columns: node.fields.map((_, i) => hash(inputs.map(({ columns }) => columns[i]!))) };
    }
    case 'window-table': {
      const rows = hash({ meaning: meaningOf(node, inputs), of: first!.rows });
      const added = node.fields.slice(first!.columns.length).map((_, i) => hash({ rows, window: i }));
      return { rows, columns: [...first!.columns, ...added] };
    }
    case 'match': {
      const rows = hash({ pattern: rules.patternNames.get(node.name) ?? node.name });
      return { rows, columns: node.fields.map(({ name, type }) => hash({ rows, name, type })) };
    }
    default: {
      const rows = hash({ meaning: meaningOf(node, inputs), of: inputs.map((input) => input.rows) });
      return { rows, columns: node.fields.map((_, i) => hash({ rows, field: i })) };
    }
  }
}

/** The expression with what each column holds in the place of its position. */
function named(expression: Expression, columns: readonly string[]): Expression {
  return replaceColumns(expression, (column) => {
    const replaced = { ...column, index: 0, holds: columns[column.index]! };
    return replaced;
  });
}

/** Without what makes it a time attribute, which a type gets on its way. */
function typeOf(node: PlanNode, field: number): unknown {
  const { attribute: _attribute, ...type } = node.fields[field]!.type as object & { attribute?: unknown };
  return type;
}

const hash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('base64url');
