import type { IToken } from '../../grammar/chevrotain.ts';
import type { Diagnostic } from '../core/diagnostic.ts';

/**
 * The first words of Flink SQL statements that are not part of this language. The longest match
 * decides.
 */
const REFUSED: readonly string[] = [
  'ALTER TABLE', 'ALTER VIEW', 'ALTER', 'USE', 'UPDATE', 'DELETE', 'TRUNCATE', 'ANALYZE', 'LOAD', 'UNLOAD', 'CALL', 'ADD JAR', 'REMOVE JAR',
  'COMPILE', 'EXECUTE PLAN', 'CREATE CATALOG', 'CREATE DATABASE', 'CREATE FUNCTION', 'CREATE TEMPORARY FUNCTION',
  'CREATE TEMPORARY SYSTEM FUNCTION', 'CREATE MODEL', 'CREATE MATERIALIZED TABLE', 'CREATE OR REPLACE', 'DROP CATALOG', 'DROP DATABASE',
  'DROP FUNCTION', 'DROP TEMPORARY FUNCTION', 'DROP MODEL', 'DROP MATERIALIZED TABLE', 'INSERT OVERWRITE', 'SHOW CATALOGS', 'SHOW DATABASES',
  'SHOW CURRENT', 'SHOW MODULES', 'SHOW COLUMNS', 'SHOW PARTITIONS', 'SHOW PROCEDURES', 'SHOW JARS', 'SHOW USER', 'MERGE', 'BEGIN', 'HELP', 'QUIT',
]; // biome-ignore format: a table of words

/**
 * Returns a "not supported" diagnostic for a known statement of Flink SQL. Returns null for all
 * others.
 */
export function refuseStatement(tokens: readonly IToken[]): Diagnostic | null {
  const words = tokens.slice(0, 4).map((token) => token.image.toUpperCase());
  const matching = REFUSED.filter((phrase) => phrase.split(' ').every((word, i) => words[i] === word));
  const phrase = matching.sort((a, b) => b.length - a.length)[0];
  if (phrase === undefined) return null;
  const last = tokens[phrase.split(' ').length - 1]!;
  const span = { start: tokens[0]!.startOffset, end: last.endOffset! + 1 };
  return { code: 'SQL_NOT_SUPPORTED', severity: 'error', message: `${phrase} is not supported`, span };
}
