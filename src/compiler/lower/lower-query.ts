import { sameType, withNullable } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import { leastRestrictive } from '../../functions/common-type.ts';
import type { Name } from '../ast/expression.ts';
import type {
  DerivedTable,
  MatchTable,
  NamedTable,
  Query,
  QueryBody,
  SetOperation,
  TableAlias,
  TableReference,
} from '../ast/query.ts';
import { parseViewQuery } from '../parse-view.ts';
import { convert } from '../typecheck/convert.ts';
import { distinctRows } from './group-rows.ts';
import type { JobContext } from './job-context.ts';
import { limitRows } from './limit-rows.ts';
import { lowerSelect } from './lower-select.ts';
import { lowerTable } from './lower-table.ts';
import { lowerValues } from './lower-values.ts';
import { lowerWindowFunction } from './lower-window-function.ts';
import { lowerMatch } from './match/lower-match.ts';
import type { FromTable, QueryPlace } from './query-place.ts';
import { project, type Relation } from './relation.ts';
import { sortRows } from './sort-rows.ts';

const MAX_VIEW_DEPTH = 100;

/**
 * Lowers a query. Returns null after reporting a mistake that leaves the query's columns unknown.
 */
export function lowerQuery(query: Query, place: QueryPlace): Relation | null {
  const { diagnostics } = place.job.session;
  const common = new Map(place.common);
  if (query.recursive !== null) diagnostics.notSupported(query.recursive, 'WITH RECURSIVE');
  const own = new Set<string>();
  for (const table of query.common) {
    if (own.has(table.name.text)) {
      diagnostics.error(
        'SQL_DUPLICATE_NAME',
        table.name.span,
        `the common table \`${table.name.text}\` is defined twice`,
      );
    }
    own.add(table.name.text);
    const relation = lowerQuery(table.query, { ...place, common, scope: `${place.scope}.${table.name.text}` });
    common.set(table.name.text, relation === null ? null : rename(relation, table.columns, table.name.span, place));
  }
  const rows = lowerBody(query.body, { ...place, common });
  const inner = { ...place, common };
  const result = query.orderBy === null || rows === null ? rows : sortRows(rows, query.orderBy, query.body, inner);
  return query.limit === null || result === null ? result : limitRows(result, query.limit, place);
}

function lowerBody(body: QueryBody, place: QueryPlace): Relation | null {
  switch (body.kind) {
    case 'select':
      return lowerSelect(body, place);
    case 'nested':
      return lowerQuery(body.query, place);
    case 'values':
      return lowerValues(body, place);
    case 'set-operation':
      return lowerSetOperation(body, place);
  }
}

function lowerSetOperation(body: SetOperation, place: QueryPlace): Relation | null {
  const { diagnostics } = place.job.session;
  let left = lowerBody(body.first, place);
  let pending: (Relation | null)[] = [left];
  for (const [i, part] of body.rest.entries()) {
    const right = lowerBody(part.body, place);
    if (part.operator !== 'UNION') {
      diagnostics.notSupported(part.operatorSpan, part.operator);
      left = null;
      pending = [null];
      continue;
    }
    pending.push(right);
    const next = body.rest[i + 1];
    if (part.all && next !== undefined && next.operator === 'UNION' && next.all) continue;
    left = unionAll(pending, part.operatorSpan, place);
    if (left !== null && !part.all) left = distinctRows(left, place, part.operatorSpan);
    pending = [left];
  }
  return left;
}

/** Lowers UNION ALL. Casts the columns to common types. The names are those of the first query. */
function unionAll(inputs: readonly (Relation | null)[], span: SourceSpan, place: QueryPlace): Relation | null {
  const { diagnostics } = place.job.session;
  if (inputs.includes(null)) return null;
  const relations = inputs as Relation[];
  const first = relations[0]!;
  for (const other of relations) {
    if (other.fields.length !== first.fields.length) {
      return diagnostics.error(
        'SQL_TYPE_MISMATCH',
        span,
        `the queries of a UNION have ${first.fields.length} and ${other.fields.length} columns`,
        'each must give the same number of columns',
      );
    }
  }
  const types = first.fields.map((field, i) => {
    let type = field.type;
    for (const other of relations.slice(1)) {
      const next = leastRestrictive(type, other.fields[i]!.type);
      if (next === null) {
        return diagnostics.error(
          'SQL_TYPE_MISMATCH',
          span,
          `column ${i + 1} (\`${field.name}\`) of the UNION has no common type`,
          'convert it with CAST',
        );
      }
      type = next;
    }
    return type;
  });
  if (types.includes(null)) return null;
  const fields = first.fields.map((field, i) => ({ name: field.name, type: types[i]! }));
  const converted = relations.map((relation) => {
    if (relation.fields.every((field, i) => sameType(field.type, fields[i]!.type))) return relation;
    const expressions = relation.fields.map((field, index) =>
      convert({ kind: 'column', index, type: field.type }, fields[index]!.type),
    );
    return project(
      relation,
      expressions,
      fields.map((field) => ({ name: field.name, type: withNullable(field.type, true) })),
      place.scope,
    );
  });
  return {
    operation: { kind: 'union' },
    inputs: converted,
    fields,
    scope: place.scope,
  };
}

export function lowerReference(reference: TableReference, place: QueryPlace): FromTable {
  const { diagnostics } = place.job.session;
  switch (reference.kind) {
    case 'named':
      return aliased(
        lowerNamed(reference, place),
        reference.alias,
        reference.parts.at(-1)!.text,
        reference.span,
        place,
      );
    case 'derived':
      return aliased(lowerDerived(reference, place), reference.alias, null, reference.span, place);
    case 'window-function':
      return aliased(lowerWindowFunction(reference, place), reference.alias, null, reference.span, place);
    case 'match':
      return lowerMatchTable(reference, place);
    case 'join': {
      lowerReference(reference.left, place);
      lowerReference(reference.right, place);
      diagnostics.notSupported(reference.joinSpan, reference.name);
      return unknown(null);
    }
    case 'refused':
      diagnostics.notSupported(reference.span, reference.construct);
      return unknown(null);
  }
}

const unknown = (alias: string | null): FromTable => ({
  relation: null,
  table: { alias, known: false, offset: 0, fields: [] },
});

function aliased(
  relation: Relation | null,
  alias: TableAlias | null,
  ownName: string | null,
  span: SourceSpan,
  place: QueryPlace,
): FromTable {
  const name = alias?.name.text ?? ownName;
  if (relation === null) return unknown(name);
  const renamed = rename(relation, alias?.columns ?? null, alias?.name.span ?? span, place);
  return { relation: renamed, table: { alias: name, known: true, offset: 0, fields: renamed.fields } };
}

/** Gives the columns of a relation other names. */
function rename(relation: Relation, columns: readonly Name[] | null, span: SourceSpan, place: QueryPlace): Relation {
  if (columns === null) return relation;
  if (columns.length !== relation.fields.length) {
    place.job.session.diagnostics.error(
      'SQL_TYPE_MISMATCH',
      span,
      `${columns.length} column names for a query of ${relation.fields.length} columns`,
    );
    return relation;
  }
  const fields = relation.fields.map((field, i) => ({ ...field, name: columns[i]!.text }));
  const expressions = relation.fields.map((field, index) => ({ kind: 'column', index, type: field.type }) as const);
  return project(relation, expressions, fields, place.scope);
}

export function lowerDerived(reference: DerivedTable, place: QueryPlace): Relation | null {
  const name = reference.alias?.name.text;
  return lowerQuery(reference.query, name === undefined ? place : { ...place, scope: `${place.scope}.${name}` });
}

export function lowerNamed(reference: NamedTable, place: QueryPlace): Relation | null {
  const { job } = place;
  const { session } = job;
  if (reference.hint !== null) session.diagnostics.notSupported(reference.hint, 'a hint after a table');
  if (reference.asOf !== null)
    session.diagnostics.notSupported(reference.asOf, 'FOR SYSTEM_TIME AS OF (temporal join)');
  if (reference.parts.length === 1) {
    const common = place.common.get(reference.parts[0]!.text);
    if (common !== undefined) return common;
  }
  const name = session.plainName(reference.parts);
  if (name === null) return null;
  const table = session.tables.get(name.text);
  if (table !== undefined)
    return session.broken.has(name.text) && table.columns.length === 0 ? null : lowerTable(table, name.span, job);
  if (!session.views.has(name.text)) return session.unknownTable(name, place.common.keys());
  return lowerView(name, job);
}

function lowerView(name: Name, job: JobContext): Relation | null {
  const { session } = job;
  const known = job.views.get(name.text);
  if (known !== undefined) return known;
  if (session.broken.has(name.text)) return null;
  if (job.expanding.includes(name.text) || job.expanding.length >= MAX_VIEW_DEPTH) {
    return session.diagnostics.error(
      'SQL_LIMIT',
      name.span,
      `views are nested deeper than ${MAX_VIEW_DEPTH} levels, or \`${name.text}\` reads itself`,
    );
  }
  const view = session.views.get(name.text)!;
  const query = 'ast' in view ? view.ast : parseViewQuery(view, name, session);
  if (query === null) return null;
  job.expanding.push(name.text);
  const place: QueryPlace = { job, common: new Map(), scope: name.text };
  const lowered = lowerQuery(query, place);
  job.expanding.pop();
  const columns = view.columns?.map((text): Name => ({ text, quoted: false, span: name.span })) ?? null;
  const relation = lowered === null ? null : rename(lowered, columns, name.span, place);
  job.views.set(name.text, relation);
  return relation;
}

function lowerMatchTable(reference: MatchTable, place: QueryPlace): FromTable {
  const input = lowerReference(reference.input, place);
  return aliased(lowerMatch(reference.clause, input, place), reference.alias, null, reference.span, place);
}
