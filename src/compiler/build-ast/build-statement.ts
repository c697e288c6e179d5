import type {
  ColumnDefinitionCstNode,
  CreateStatementCstNode,
  CreateTableCstNode,
  ExplainMatchCstNode,
  InsertStatementCstNode,
  ShowStatementCstNode,
  StatementCstNode,
} from '../../../grammar/cst-types.ts';
import { withNullable } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type {
  ColumnDefinition,
  CreateTable,
  CreateView,
  ExplainMatch,
  Insert,
  KeyConstraint,
  Show,
  Statement,
} from '../ast/statement.ts';
import type { BuildContext } from './build-context.ts';
import { names, spanOf, stringValue, tokenSpan } from './build-context.ts';
import { buildDataType } from './build-data-type.ts';
import { buildExpression, buildOperand } from './build-expression.ts';
import { buildQuery } from './build-query.ts';

/** Converts the CST of one statement to its AST. */
export function buildStatement(node: StatementCstNode, context: BuildContext): Statement {
  const c = node.children;
  const span = spanOf(node);
  if (c.createStatement) return buildCreate(c.createStatement[0]!, span, context);
  if (c.insertStatement) return buildInsert(c.insertStatement[0]!, context);
  if (c.query) return { kind: 'query', query: buildQuery(c.query[0]!, context), span };
  if (c.dropStatement) {
    const d = c.dropStatement[0]!.children;
    return {
      kind: 'drop',
      object: d.object![0]!.image.toUpperCase() === 'TABLE' ? 'table' : 'view',
      ifExists: d.IF !== undefined,
      name: names(d.qualifiedName[0]!.children.identifier),
      span,
    };
  }
  if (c.explainStatement) {
    const e = c.explainStatement[0]!.children;
    if (e.explainMatch) return buildExplainMatch(e.explainMatch[0]!, span, context);
    const statement = e.insertStatement
      ? buildInsert(e.insertStatement[0]!, context)
      : ({ kind: 'query', query: buildQuery(e.query![0]!, context), span: spanOf(e.query![0]!) } as const);
    return { kind: 'explain', statement, span };
  }
  if (c.describeStatement) {
    return {
      kind: 'describe',
      name: names(c.describeStatement[0]!.children.qualifiedName[0]!.children.identifier),
      span,
    };
  }
  if (c.showStatement) return buildShow(c.showStatement[0]!, span);
  if (c.stopStatement) {
    const s = c.stopStatement[0]!.children;
    const modes = (s.mode ?? []).map((mode) => mode.image.toUpperCase());
    return {
      kind: 'stop-job',
      job: stringValue(s.job[0]!),
      savepoint: modes.includes('SAVEPOINT'),
      drain: modes.includes('DRAIN'),
      span,
    };
  }
  const set = c.setStatement?.[0]?.children ?? c.resetStatement![0]!.children;
  const key = set.key?.[0];
  const value = 'value' in set ? set.value?.[0] : undefined;
  return {
    kind: 'set',
    reset: c.resetStatement !== undefined,
    key: key ? stringValue(key) : null,
    value: value ? stringValue(value) : null,
    keySpan: key ? tokenSpan(key) : span,
    valueSpan: value ? tokenSpan(value) : span,
    span,
  };
}

function buildExplainMatch(node: ExplainMatchCstNode, span: SourceSpan, context: BuildContext): ExplainMatch {
  const c = node.children;
  const job = c.job?.[0];
  const [open, close] = [c.LeftParen?.[0], c.RightParen?.[0]];
  return {
    kind: 'explain-match',
    name: job
      ? [{ text: stringValue(job), quoted: true, span: tokenSpan(job) }]
      : names(c.qualifiedName![0]!.children.identifier),
    key: (c.key ?? []).map((operand) => buildOperand(operand, context)),
    keySpan: open && close ? { start: tokenSpan(open).start, end: tokenSpan(close).end } : span,
    between: c.from ? [buildOperand(c.from[0]!, context), buildOperand(c.to![0]!, context)] : null,
    span,
  };
}

function buildShow(node: ShowStatementCstNode, span: SourceSpan): Show {
  const c = node.children;
  const what = c.what![0]!.image.toLowerCase();
  if (what !== 'create') return { kind: 'show', what: what as 'tables', name: [], span };
  const object = c.object![0]!.image.toLowerCase() as 'table' | 'view';
  return { kind: 'show', what: `create-${object}`, name: names(c.qualifiedName![0]!.children.identifier), span };
}

function buildInsert(node: InsertStatementCstNode, context: BuildContext): Insert {
  const c = node.children;
  return {
    kind: 'insert',
    table: names(c.qualifiedName[0]!.children.identifier),
    columns: c.columnList ? names(c.columnList[0]!.children.identifier) : null,
    hint: c.Hint ? tokenSpan(c.Hint[0]!) : null,
    query: buildQuery(c.query[0]!, context),
    late: c.lateRows
      ? { table: names(c.lateRows[0]!.children.qualifiedName[0]!.children.identifier), span: spanOf(c.lateRows[0]!) }
      : null,
    span: spanOf(node),
  };
}

function buildCreate(node: CreateStatementCstNode, span: SourceSpan, context: BuildContext): CreateTable | CreateView {
  const temporary = node.children.TEMPORARY !== undefined;
  if (node.children.createTable) return buildCreateTable(node.children.createTable[0]!, temporary, span, context);
  const v = node.children.createView![0]!.children;
  const query = v.query[0]!;
  const at = spanOf(query);
  return {
    kind: 'create-view',
    name: context.newNames(v.qualifiedName[0]!.children.identifier),
    temporary,
    ifNotExists: v.ifNotExists !== undefined,
    columns: v.columnList ? context.newNames(v.columnList[0]!.children.identifier) : null,
    query: buildQuery(query, context),
    queryText: context.text.slice(at.start, at.end),
    span,
  };
}

function buildCreateTable(
  node: CreateTableCstNode,
  temporary: boolean,
  span: SourceSpan,
  context: BuildContext,
): CreateTable {
  const c = node.children;
  const refused: { construct: string; span: SourceSpan }[] = [];
  if (c.LIKE) refused.push({ construct: 'CREATE TABLE … LIKE', span: tokenSpan(c.LIKE[0]!) });
  if (c.query) refused.push({ construct: 'CREATE TABLE … AS SELECT', span: tokenSpan(c.AS![0]!) });
  // The word is not a token. The grammar reads it like DISTRIBUTED.
  const isPartitioned = c.distributed?.[0]?.image.toUpperCase() === 'PARTITIONED' && c.columnList?.length === 1;
  if (c.PARTITION) refused.push({ construct: 'PARTITION BY in CREATE TABLE', span: tokenSpan(c.PARTITION[0]!) });
  if (c.distributed && !isPartitioned) {
    const token = c.distributed[0]!;
    refused.push({ construct: `\`${token.image.toUpperCase()} …\` in CREATE TABLE`, span: tokenSpan(token) });
  }
  const columns: ColumnDefinition[] = [];
  const watermarks: CreateTable['watermarks'][number][] = [];
  const constraints: KeyConstraint[] = [];
  for (const element of c.tableElement ?? []) {
    const e = element.children;
    if (e.watermark) {
      const w = e.watermark[0]!.children;
      const at = spanOf(w.expression[0]!);
      watermarks.push({
        column: names(w.qualifiedName[0]!.children.identifier),
        expression: buildExpression(w.expression[0]!, context),
        text: context.text.slice(at.start, at.end),
        span: spanOf(element),
      });
    } else if (e.tableConstraint) {
      const k = e.tableConstraint[0]!.children;
      constraints.push({
        columns: names(k.columnList[0]!.children.identifier),
        unique: k.UNIQUE !== undefined,
        enforcement: k.enforcement ? (k.enforcement[0]!.children.NOT ? 'not-enforced' : 'enforced') : null,
        span: spanOf(element),
      });
    } else {
      const definition = e.columnDefinition![0]!;
      const column = buildColumn(definition, constraints, context);
      columns.push(column);
    }
  }
  const options = (c.withOptions?.[0]?.children.tableOption ?? []).map((option) => ({
    key: stringValue(option.children.key[0]!),
    value: stringValue(option.children.value[0]!),
    keySpan: tokenSpan(option.children.key[0]!),
    valueSpan: tokenSpan(option.children.value[0]!),
  }));
  return {
    kind: 'create-table',
    name: context.newNames(c.qualifiedName[0]!.children.identifier),
    temporary,
    ifNotExists: c.ifNotExists !== undefined,
    columns,
    watermarks,
    constraints,
    partitionedBy: isPartitioned ? names(c.columnList![0]!.children.identifier) : [],
    options,
    optionsSpan: c.withOptions ? spanOf(c.withOptions[0]!) : null,
    refused,
    span,
  };
}

function buildColumn(
  node: ColumnDefinitionCstNode,
  constraints: KeyConstraint[],
  context: BuildContext,
): ColumnDefinition {
  const c = node.children;
  const span = spanOf(node);
  const name = context.newName(c.identifier[0]!);
  if (c.expression) {
    const at = spanOf(c.expression[0]!);
    return {
      kind: 'computed',
      name,
      expression: buildExpression(c.expression[0]!, context),
      text: context.text.slice(at.start, at.end),
      span,
    };
  }
  let type = buildDataType(c.dataType![0]!, context);
  for (const constraint of c.columnConstraint ?? []) {
    const k = constraint.children;
    constraints.push({
      columns: [name],
      unique: k.UNIQUE !== undefined,
      enforcement: k.enforcement ? (k.enforcement[0]!.children.NOT ? 'not-enforced' : 'enforced') : null,
      span: spanOf(constraint),
    });
    if (!k.UNIQUE) type = withNullable(type, false);
  }
  if (c.metadata) {
    const m = c.metadata[0]!.children;
    const key = m.StringLiteral?.[0];
    return {
      kind: 'metadata',
      name,
      type,
      key: key ? stringValue(key) : null,
      virtual: m.VIRTUAL !== undefined,
      keySpan: key ? tokenSpan(key) : spanOf(c.metadata[0]!),
      span,
    };
  }
  const comment = c.comment?.[0]?.children.StringLiteral[0];
  return { kind: 'physical', name, type, comment: comment ? stringValue(comment) : null, span };
}
