/**
 * Functions and operators to which Flink gives a NULL without a type. Elsewhere it refuses such a
 * NULL ("Illegal use of 'NULL'"), and CAST(NULL AS …) is needed.
 */
const TAKES_NULL: ReadonlySet<string> = new Set([
  ...['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM', 'IS NULL', 'IS NOT NULL'],
  ...['ARRAY', 'MAP', 'BTRIM', 'STARTSWITH', 'ENDSWITH', 'SPLIT', 'PRINTF', 'TYPEOF', 'UNHEX', 'URL_ENCODE'],
  ...['REGEXP_COUNT', 'REGEXP_EXTRACT_ALL', 'REGEXP_INSTR', 'REGEXP_SUBSTR'],
  ...['JSON_STRING', 'JSON_QUOTE', 'JSON_UNQUOTE', 'URL_DECODE'],
]);

/** Functions that take such a NULL, but not as the first argument. */
const TAKES_NULL_LATER: ReadonlySet<string> = new Set([
  ...['ARRAY_APPEND', 'ARRAY_PREPEND', 'ARRAY_CONTAINS', 'ARRAY_JOIN', 'ARRAY_POSITION', 'ARRAY_REMOVE'],
  ...['ARRAY_SLICE', 'ARRAY_SORT', 'ELT', 'JSON_QUERY', 'JSON_VALUE'],
]);

/** Returns whether Flink accepts NULL without a type as that argument. */
export const takesNull = (name: string, argument: number): boolean =>
  TAKES_NULL.has(name) || (argument > 0 && TAKES_NULL_LATER.has(name));
