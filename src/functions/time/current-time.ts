import { MS_PER_DAY } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';
import { DATE, TIME, timestamp, timestampLtz } from '../../core/data-type.ts';
import { aliases, define } from '../define.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import { signature } from '../signature.ts';
import { type TimeZone, timeZone } from './time-zone.ts';

/**
 * Defines a function that returns the current time of the engine's clock for each row. Local times
 * are in the session's zone.
 */
function present(
  name: string,
  summary: string,
  type: DataType,
  compute: (now: number, zone: TimeZone) => number,
): ScalarFunction {
  return define({
    name,
    summary,
    deterministic: false,
    resolve: signature([], type),
    kernelFor: (_args, _result, environment) => {
      const zone = timeZone(environment.zone);
      return () => compute(environment.now(), zone);
    },
  });
}

const dayOf = (ms: number): number => Math.floor(ms / MS_PER_DAY);
const wholeSecondOfDay = (ms: number): number => Math.floor((ms - dayOf(ms) * MS_PER_DAY) / 1000) * 1000;

export const CURRENT_TIME: readonly ScalarFunction[] = [
  ...aliases(
    present('CURRENT_TIMESTAMP', 'The current time.', timestampLtz(3), (now) => now),
    'NOW',
    'CURRENT_ROW_TIMESTAMP',
  ),
  present('LOCALTIMESTAMP', 'The current local time.', timestamp(3), (now, zone) => zone.toLocal(now)),
  present('CURRENT_DATE', 'The current local date.', DATE, (now, zone) => dayOf(zone.toLocal(now))),
  ...aliases(
    present('CURRENT_TIME', 'The current local time of day.', TIME, (now, zone) => wholeSecondOfDay(zone.toLocal(now))),
    'LOCALTIME',
  ),
  present(
    'PROCTIME',
    'The time at which the row is processed. A time attribute.',
    { kind: 'timestamp-ltz', precision: 3, nullable: false, attribute: 'proctime' },
    (now) => now,
  ),
];
