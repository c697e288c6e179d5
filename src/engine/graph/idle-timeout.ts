import { parseDuration } from '../../core/quantity.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { Plan } from '../../plan/plan.ts';

/**
 * Returns the milliseconds without rows after which a split of a table is idle; null: never. A
 * watermark that follows the clock needs idle splits, because a silent split that is not idle holds
 * back the rows of the other splits.
 */
export function idleTimeoutMs({ options }: ScanNode, settings: Plan['settings']): number | null {
  const text =
    options['scan.watermark.idle-timeout'] ??
    options['sequitur.idle-advance'] ??
    settings['table.exec.source.idle-timeout'];
  const ms = text === undefined ? 0 : (parseDuration(text) ?? 0);
  return ms > 0 ? ms : null;
}
