import type {
  ColumnListCstNode,
  GroupItemCstNode,
  NamedTableCstNode,
  QueryCstNode,
  QueryTermCstNode,
  SelectCstNode,
  SelectItemCstNode,
  TableAliasCstNode,
  TableArgumentCstNode,
  TableFactorCstNode,
  TableFunctionCstNode,
  TablePrimaryCstNode,
  TableReferenceCstNode,
} from '../../../grammar/cst-types.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type {
  GroupItem,
  NamedTable,
  Query,
  QueryBody,
  Select,
  SelectItem,
  TableAlias,
  TableArgument,
  TableReference,
  WindowFunctionTable,
} from '../ast/query.ts';
import type { BuildContext } from './build-context.ts';
import { join, nameOf, names, spanOf, tokenSpan } from './build-context.ts';
import { buildExpression, buildOrderItem } from './build-expression.ts';
import { buildLimit } from './build-limit.ts';
import { buildMatch } from './build-match.ts';

export function buildQuery(node: QueryCstNode, context: BuildContext): Query {
  const c = node.children;
  const first = buildTerm(c.queryTerm[0]!, context);
  const rest = (c.setOperation ?? []).map((operation) => ({
    operator: operation.children.operator![0]!.image.toUpperCase() as 'UNION',
    all: operation.children.ALL !== undefined,
    operatorSpan: tokenSpan(operation.children.operator![0]!),
    body: buildTerm(operation.children.queryTerm[0]!, context),
  }));
  return {
    common: (c.commonTable ?? []).map((table) => ({
      name: context.newName(table.children.identifier[0]!),
      columns: columns(table.children.columnList?.[0]),
      query: buildQuery(table.children.query[0]!, context),
    })),
    recursive: c.RECURSIVE ? tokenSpan(c.RECURSIVE[0]!) : null,
    body: rest.length === 0 ? first : { kind: 'set-operation', first, rest, span: spanOf(node) },
    orderBy: c.orderBy
      ? {
          items: c.orderBy[0]!.children.orderItem.map((item) => buildOrderItem(item, context)),
          span: spanOf(c.orderBy[0]!),
        }
      : null,
    limit: c.limit ? buildLimit(c.limit[0]!) : null,
    span: spanOf(node),
  };
}

const columns = (node: ColumnListCstNode | undefined) => (node === undefined ? null : names(node.children.identifier));

function buildTerm(node: QueryTermCstNode, context: BuildContext): QueryBody {
  const c = node.children;
  const span = spanOf(node);
  if (c.query) return { kind: 'nested', query: buildQuery(c.query[0]!, context), span };
  if (c.values) {
    const rows = c.values[0]!.children.expression.map((row) => buildExpression(row, context));
    for (const row of rows)
      for (const item of row.kind === 'row-list' ? row.items : [row]) refuseUntypedNull(item, context);
    return { kind: 'values', rows, span };
  }
  return buildSelect(c.select![0]!, context);
}

function buildSelect(node: SelectCstNode, context: BuildContext): Select {
  const c = node.children;
  return {
    kind: 'select',
    hint: c.Hint ? tokenSpan(c.Hint[0]!) : null,
    distinct: c.DISTINCT !== undefined,
    items: c.selectItem.map((item) => buildItem(item, context)),
    from: (c.tableReference ?? []).map((reference) => buildReference(reference, context)),
    where: c.where ? buildExpression(c.where[0]!, context) : null,
    groupBy: c.groupBy ? c.groupBy[0]!.children.groupItem.map((item) => buildGroupItem(item, context)) : null,
    having: c.having ? buildExpression(c.having[0]!, context) : null,
    windows: c.WINDOW ? tokenSpan(c.WINDOW[0]!) : null,
    span: spanOf(node),
  };
}

function buildItem(node: SelectItemCstNode, context: BuildContext): SelectItem {
  const c = node.children;
  const span = spanOf(node);
  if (c.Star) return { kind: 'all', span };
  const alias = c.identifier ? context.newName(c.identifier[0]!) : null;
  const expression = buildExpression(c.expression![0]!, context);
  refuseUntypedNull(expression, context);
  return { kind: 'item', expression, alias, span };
}

function refuseUntypedNull(expression: ExpressionAst, context: BuildContext): void {
  if (expression.kind === 'literal' && expression.type.kind === 'null')
    context.notPortable(expression.span, 'Flink accepts no NULL without a type as a column', 'write CAST(NULL AS …)');
}

function buildGroupItem(node: GroupItemCstNode, context: BuildContext): GroupItem {
  const c = node.children;
  const span = spanOf(node);
  if (c.SETS) return { kind: 'grouping-sets', items: c.groupItem!.map((item) => buildGroupItem(item, context)), span };
  if (c.expression) return { kind: 'expression', expression: buildExpression(c.expression[0]!, context), span };
  return { kind: 'empty', span };
}

function buildReference(node: TableReferenceCstNode, context: BuildContext): TableReference {
  const c = node.children;
  let left = buildFactor(c.tableFactor[0]!, context);
  for (const joined of c.join ?? []) {
    const j = joined.children;
    const right = buildFactor(j.tableFactor[0]!, context);
    const name = [j.NATURAL?.[0]?.image, j.type?.[0]?.image, j.OUTER?.[0]?.image, 'JOIN']
      .filter(Boolean)
      .join(' ')
      .toUpperCase();
    const head = (j.NATURAL ?? j.type ?? j.JOIN)[0]!;
    left = {
      kind: 'join',
      name,
      left,
      right,
      joinSpan: { start: head.startOffset, end: tokenSpan(j.JOIN[0]!).end },
      span: join(left.span, spanOf(joined)),
    };
  }
  return left;
}

function buildFactor(node: TableFactorCstNode, context: BuildContext): TableReference {
  const c = node.children;
  const table = buildPrimary(c.tablePrimary[0]!, alias(c.tableAlias?.[0]), context);
  if (!c.matchRecognize) return table;
  const columnList = c.matchAlias?.[0]?.children.columnList?.[0];
  if (columnList !== undefined) {
    const message = 'Flink accepts no column names after the alias of MATCH_RECOGNIZE';
    context.notPortable(spanOf(columnList), message, 'name the columns in MEASURES');
  }
  return {
    kind: 'match',
    input: table,
    clause: buildMatch(c.matchRecognize[0]!, context),
    alias: alias(c.matchAlias?.[0]),
    span: spanOf(node),
  };
}

function alias(node: TableAliasCstNode | undefined): TableAlias | null {
  if (node === undefined) return null;
  return { name: nameOf(node.children.identifier[0]!), columns: columns(node.children.columnList?.[0]) };
}

function buildPrimary(node: TablePrimaryCstNode, given: TableAlias | null, context: BuildContext): TableReference {
  const c = node.children;
  const span = spanOf(node);
  if (c.LATERAL) return { kind: 'refused', construct: 'LATERAL', span: tokenSpan(c.LATERAL[0]!) };
  if (c.UNNEST) return { kind: 'refused', construct: 'UNNEST', span: tokenSpan(c.UNNEST[0]!) };
  if (c.tableFunction) return buildTableFunction(c.tableFunction[0]!, given, span, context);
  if (c.query) return { kind: 'derived', query: buildQuery(c.query[0]!, context), alias: given, span };
  return buildNamed(c.namedTable![0]!, given);
}

function buildNamed(node: NamedTableCstNode, given: TableAlias | null): NamedTable {
  const c = node.children;
  return {
    kind: 'named',
    parts: names(c.qualifiedName[0]!.children.identifier),
    hint: c.Hint ? tokenSpan(c.Hint[0]!) : null,
    asOf: c.FOR ? { start: c.FOR[0]!.startOffset, end: spanOf(node).end } : null,
    alias: given,
    span: spanOf(node),
  };
}

function buildTableFunction(
  node: TableFunctionCstNode,
  given: TableAlias | null,
  span: SourceSpan,
  context: BuildContext,
): WindowFunctionTable {
  const c = node.children;
  return {
    kind: 'window-function',
    name: nameOf(c.identifier[0]!),
    args: (c.tableArgument ?? []).map((argument) => buildArgument(argument, context)),
    alias: given,
    span,
  };
}

function buildArgument(node: TableArgumentCstNode, context: BuildContext): TableArgument {
  const c = node.children;
  const span = spanOf(node);
  const name = c.argumentName ? nameOf(c.argumentName[0]!) : null;
  if (c.descriptor)
    return { name, value: { kind: 'descriptor', columns: names(c.descriptor[0]!.children.identifier) }, span };
  if (c.expression)
    return { name, value: { kind: 'expression', expression: buildExpression(c.expression[0]!, context) }, span };
  if (c.partition !== undefined && c.partition.length > 1) {
    const message = 'Flink needs brackets around several columns of PARTITION BY';
    context.notPortable(spanOf(c.partition[1]!), message, 'write PARTITION BY (a, b)');
  }
  const partition = [...names(c.columnList?.[0]?.children.identifier), ...names(c.partition)];
  if (c.query) {
    const query = buildQuery(c.query[0]!, context);
    return {
      name,
      value: { kind: 'table', table: { kind: 'derived', query, alias: null, span: query.span }, partition },
      span,
    };
  }
  const qualified = c.qualifiedName![0]!;
  const table: NamedTable = {
    kind: 'named',
    parts: names(qualified.children.identifier),
    hint: null,
    asOf: null,
    alias: null,
    span: spanOf(qualified),
  };
  return { name, value: { kind: 'table', table, partition }, span };
}
