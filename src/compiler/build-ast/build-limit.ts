import type { LimitCstNode } from '../../../grammar/cst-types.ts';
import type { Limit } from '../ast/query.ts';
import { spanOf } from './build-context.ts';

/** Converts `LIMIT n OFFSET m`, `OFFSET m ROWS` and `FETCH NEXT n ROWS ONLY`. */
export function buildLimit(node: LimitCstNode): Limit {
  const { LIMIT, ALL, IntegerLiteral, fetch } = node.children;
  const numbers = (IntegerLiteral ?? []).map(({ image }) => Number(image));
  const span = spanOf(node);
  if (ALL !== undefined) return { count: 'all', offset: numbers[0] ?? 0, span };
  if (LIMIT !== undefined) return { count: numbers[0]!, offset: numbers[1] ?? 0, span };
  const fetched = fetch?.[0]?.children.IntegerLiteral?.[0];
  return { count: fetched === undefined ? null : Number(fetched.image), offset: numbers[0] ?? 0, span };
}
