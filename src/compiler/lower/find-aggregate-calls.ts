import { findAggregate } from '../../functions/aggregates/registry.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';

/** Returns the expression if it is an aggregate call without OVER, otherwise null. */
export function aggregateCallOf(ast: ExpressionAst): CallAst | null {
  return ast.kind === 'call' && !ast.operator && ast.over === null && findAggregate(ast.name) !== undefined
    ? ast
    : null;
}

export function containsAggregate(ast: ExpressionAst): boolean {
  return aggregateCallOf(ast) !== null || childrenOf(ast).some(containsAggregate);
}

/** Returns the direct parts of an expression, without sub-queries. */
export function childrenOf(ast: ExpressionAst): readonly ExpressionAst[] {
  switch (ast.kind) {
    case 'literal':
    case 'column':
    case 'star':
    case 'subquery':
      return [];
    case 'call':
      return ast.filter === null ? ast.args : [...ast.args, ast.filter];
    case 'and':
    case 'or':
    case 'not':
      return ast.args;
    case 'between':
      return [ast.value, ast.low, ast.high];
    case 'in':
      return [ast.value, ...ast.list];
    case 'case':
      return [
        ...(ast.subject === null ? [] : [ast.subject]),
        ...ast.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(ast.otherwise === null ? [] : [ast.otherwise]),
      ];
    case 'cast':
    case 'field':
    case 'time-difference':
      return [ast.value];
    case 'row-list':
      return ast.items;
  }
}
