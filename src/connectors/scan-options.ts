import { parseDuration } from '../core/quantity.ts';
import type { TableOptions } from '../plan/table-options.ts';
import type { OptionExtension } from './connector.ts';
import type { OptionMistake, OptionSpec } from './connector-options.ts';

const IDLE_ADVANCE = 'sequitur.idle-advance';

/** Options of every table that is read. The engine implements them, not the connector. */
export const SCAN_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'scan.watermark.idle-timeout',
    type: 'duration',
    use: 'source',
    summary:
      'the watermark does not wait for a split without rows for this long; 0: it waits for every split; default: `table.exec.source.idle-timeout`',
  },
  {
    key: IDLE_ADVANCE,
    type: 'duration',
    use: 'source',
    summary:
      'when no split has had rows for this long, the watermark of the table follows the clock; without it the watermark does not advance',
  },
  {
    key: 'scan.watermark.emit.strategy',
    type: ['on-event'],
    use: 'source',
    default: 'on-event',
    summary: 'watermarks advance with each row; the only strategy',
  },
  {
    key: 'scan.watermark.alignment.group',
    type: 'string',
    use: 'source',
    summary: 'without effect: a job always reads the split with the lowest watermark next',
  },
  {
    key: 'scan.watermark.alignment.max-drift',
    type: 'duration',
    use: 'source',
    summary: 'without effect: the drift between splits that are not idle is one row at most',
  },
  {
    key: 'scan.watermark.alignment.update-interval',
    type: 'duration',
    use: 'source',
    summary: 'without effect: the next split is chosen after each row',
  },
];

/** Returns the scan options that Flink does not have. */
export function scanExtensions(options: TableOptions): readonly OptionExtension[] {
  if (options[IDLE_ADVANCE] === undefined) return [];
  const portable = 'let the stream carry rows at regular times, so that event time does not stand still';
  return [{ key: IDLE_ADVANCE, what: 'event time that follows the clock', portable }];
}

/** Checks the scan options. Alignment needs both of its options, as in Flink. */
export function checkScanOptions(options: TableOptions): readonly OptionMistake[] {
  const group = options['scan.watermark.alignment.group'];
  const drift = options['scan.watermark.alignment.max-drift'];
  if ((group === undefined) === (drift === undefined)) {
    if (drift === undefined || parseDuration(drift) !== 0) return [];
  }
  return [
    {
      key: group === undefined ? 'scan.watermark.alignment.max-drift' : 'scan.watermark.alignment.group',
      code: 'CONFIG_INVALID_OPTION',
      message:
        "'scan.watermark.alignment.group' and a 'scan.watermark.alignment.max-drift' above 0 are given together or not at all",
    },
  ];
}
