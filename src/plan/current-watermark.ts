import type { Expression } from './expression.ts';
import { walk } from './walk-expression.ts';

/** Whether an expression asks for the watermark, and with it depends on when a row comes. */
export function readsWatermark(expression: Expression): boolean {
  let found = false;
  walk(expression, (part) => {
    if (part.kind === 'call' && part.function === 'CURRENT_WATERMARK') found = true;
  });
  return found;
}
