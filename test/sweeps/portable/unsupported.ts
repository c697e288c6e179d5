/**
 * Constructs of Flink SQL that the language lacks at every level. A text with one of them is
 * refused, which is kept.
 */
export const UNSUPPORTED: readonly (readonly [what: string, construct: RegExp])[] = [
  ['joins', /\bJOIN\b|FROM u AS a, u|, UNNEST|LATERAL/],
  ['OVER windows', /\bOVER\b/],
  ['ORDER BY of a query', /FROM u ORDER BY/],
  ['INTERSECT and EXCEPT', /INTERSECT|EXCEPT SELECT/],
  ['queries in expressions', /(\bIN|EXISTS|=|ALL|ANY|,) \(SELECT/],
  ['several groupings', /GROUPING SETS|ROLLUP|CUBE/],
  ['TABLE as a query', /^TABLE u$/],
  ['recursive queries', /RECURSIVE/],
  ['prefixes of a text', /^(_UTF8|N|U&)'/],
  ['an INTERVAL without quotes', /INTERVAL 1 DAY/],
  ['several values after WHEN', /WHEN 1, 2/],
  ['old spellings of types', /PRECISION|INT ARRAY|BIGINT ARRAY|INT MULTISET|VARIANT/],
  ['RETURNING ARRAY', /RETURNING ARRAY/],
  ['comments with //', /\/\/ c/],
  ['PI without brackets', /^PI$/],
  ['OVERLAPS', /OVERLAPS/],
  ['some aggregates', /PERCENTILE|JSON_ARRAYAGG|SINGLE_VALUE/],
  ['ORDER BY in ARRAY_AGG, which Flink ignores', /ARRAY_AGG\(n ORDER BY/],
  ['OR REPLACE, LIKE and AS in CREATE', /OR REPLACE|CREATE TABLE x( \(a INT\))? LIKE|'blackhole'\) AS SELECT/],
  ['tables of a default connector', /^CREATE TABLE x \(a INT\); SELECT/],
  ['state that expires by time', /^SET 'table.exec.state.ttl' = '1 h'; SELECT/],
  ['anchors, which Flink ignores', /PATTERN \((\^|.*\$\) DEFINE)/],
  ['SUBSET, whose variables are empty in Flink', /SUBSET/],
  ['FINAL of a column', /FINAL B\.id/],
];
