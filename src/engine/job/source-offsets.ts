import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';

/** Options that say which data a table is, whatever its name and its columns. */
const PLACE = ['path', 'topic', 'topic-pattern', 'properties.bootstrap.servers', 'url'];

/**
 * The offset that a scan goes on from. A changed plan may have renamed the table: then the scan of
 * the same data is looked for. A table that now is other data begins at its start.
 */
export function offsetFor(scan: ScanNode, manifest: Manifest): SourceSnapshot | undefined {
  const before = scansOf(manifest.plan);
  const sameName = before.find((old) => old.name === scan.name);
  if (sameName !== undefined && placeOf(sameName) === placeOf(scan)) return manifest.sources[sameName.name];
  const moved = PLACE.some((key) => scan.options[key] !== undefined)
    ? before.find((old) => placeOf(old) === placeOf(scan))
    : undefined;
  return moved === undefined ? undefined : manifest.sources[moved.name];
}

const scansOf = (plan: Plan): readonly ScanNode[] => plan.nodes.flatMap((n) => (n.kind === 'scan' ? [n] : []));
/** Which data a table is. */
export const placeOf = ({ options }: ScanNode): string =>
  JSON.stringify(['connector', ...PLACE].map((key) => options[key] ?? null));
