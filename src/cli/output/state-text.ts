import type { SavepointMark } from '../../engine/checkpoint/manifest.ts';
import type { SplitSnapshot } from '../../engine/checkpoint/source-snapshot.ts';
import type { TableSize } from '../../engine/inspect/inspect-state.ts';
import { columnLines } from './columns.ts';
import { digitGroups } from './digit-groups.ts';

/** The content of a checkpoint, without its rows. */
export interface StateSummary {
  readonly job: string;
  readonly checkpoint: number;
  readonly createdAt: string;
  readonly savepoint: SavepointMark | null;
  /** The job read all its input. */
  readonly finished: boolean;
  readonly backend: 'rocksdb' | 'memory';
  /** The compressed size of the back end's files. */
  readonly fileBytes: number;
  readonly sources: readonly ({ readonly name: string; readonly split?: string } & SplitSnapshot)[];
  readonly tables: readonly TableSize[];
}

/** Returns the text for people on a terminal. */
export function stateText(summary: StateSummary): string {
  const { job, checkpoint, createdAt, savepoint, finished, backend, fileBytes, sources, tables } = summary;
  const drained = savepoint?.drained === true ? ', drained' : '';
  const kept = savepoint === null ? '' : `, savepoint ${savepoint.name}${drained}`;
  const end = finished ? ', the input was at its end' : '';
  const time = (watermark: number | null): string => (watermark === null ? 'none' : new Date(watermark).toISOString());
  return [
    `job ${job}, checkpoint ${checkpoint} of ${createdAt}${kept}${end}`,
    `${backend}, ${digitGroups(fileBytes)} bytes in files`,
    '',
    ...columnLines(
      ['source', 'watermark', 'rows sent after the position', 'position'],
      sources.map((s) => [
        s.split === undefined ? s.name : `${s.name}, ${s.split}`,
        s.ended ? 'end' : time(s.watermark),
        digitGroups(s.rows),
        JSON.stringify(s.position),
      ]),
      new Set([2]),
    ),
    '',
    ...columnLines(
      ['table', 'entries', 'bytes'],
      tables.map((t) => [t.name, digitGroups(t.entries), digitGroups(t.bytes)]),
      new Set([1, 2]),
    ),
    '',
  ].join('\n');
}
