import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import { readSourceSnapshot, type SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import type { Endpoints } from '../endpoints.ts';

/**
 * Returns the offset that a scan continues from. A changed plan may have renamed the table; then
 * the scan of the same data is used. A table that now reads other data begins at its start.
 */
export function offsetFor(
  scan: ScanNode,
  manifest: Manifest,
  identity: Endpoints['identity'],
): SourceSnapshot | undefined {
  const dataOf = dataBy(identity);
  const before = scansOf(manifest.plan);
  const sameName = before.find((old) => old.name === scan.name);
  const same =
    sameName !== undefined && dataOf(sameName) === dataOf(scan)
      ? sameName
      : identity(scan) === null
        ? undefined
        : before.find((old) => dataOf(old) === dataOf(scan));
  const stored = same === undefined ? undefined : manifest.sources[same.name];
  return stored === undefined ? undefined : readSourceSnapshot(stored);
}

const scansOf = (plan: Plan): readonly ScanNode[] => plan.nodes.flatMap((n) => (n.kind === 'scan' ? [n] : []));

/** Identifies the data of a scan. */
export const dataBy =
  (identity: Endpoints['identity']) =>
  (scan: ScanNode): string =>
    JSON.stringify([scan.options['connector'] ?? null, identity(scan)]);
