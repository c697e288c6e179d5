import { parsePattern } from '../../core/regex/parse-pattern.ts';
import { InvalidPattern, UnsupportedPattern } from '../../core/regex/pattern-error.ts';
import { unsupported } from '../../core/regular-expression.ts';
import { literalText } from '../define.ts';
import type { LiteralPlace, ScalarFunction } from '../scalar-function.ts';

/**
 * Checks the pattern of a call before the job runs if it is a literal. Refuses what is not
 * supported. Warns about what is not a regular expression, for which the result is as in Flink.
 */
export function withPattern(
  resolve: ScalarFunction['resolve'],
  invalidResult: string,
  argument = 1,
): ScalarFunction['resolve'] {
  return (infos, environment) => {
    const resolved = resolve(infos, environment);
    const pattern = literalText(infos[argument]);
    if ('mismatch' in resolved || pattern === null) return resolved;
    const mistake = mistakeIn(pattern);
    if (mistake === null) return resolved;
    const at: LiteralPlace = { argument, offset: mistake.index };
    if (mistake instanceof UnsupportedPattern)
      return { mismatch: `the regular expression '${pattern}' ${unsupported(mistake)}`, at };
    const message = `'${pattern}' is not a regular expression, so the result is ${invalidResult}: ${mistake.message} at character ${mistake.index + 1}`;
    return { ...resolved, warning: { message, at } };
  };
}

function mistakeIn(pattern: string): InvalidPattern | UnsupportedPattern | null {
  try {
    parsePattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof InvalidPattern || error instanceof UnsupportedPattern) return error;
    throw error;
  }
}
