import type { Expression } from './expression.ts';
import { walk } from './walk-expression.ts';

/**
 * Returns whether an expression reads the watermark. Its value then depends on when a row arrives.
 */
export function readsWatermark(expression: Expression): boolean {
  let found = false;
  walk(expression, (part) => {
    if (part.kind === 'call' && part.function === 'CURRENT_WATERMARK') found = true;
  });
  return found;
}
