import type { FunctionFamily } from './function-entry.ts';

export const CURRENT_TIMES: FunctionFamily = {
  title: 'The current time',
  intro: `The setting \`table.local-time-zone\` defines the local time. In the examples it is UTC, and the clock shows
2026-03-01 12:30:45. Each row gets its own time.`,
  entries: [
    {
      calls: ['CURRENT_TIMESTAMP', 'NOW()', 'CURRENT_ROW_TIMESTAMP()'],
      example: 'CURRENT_TIMESTAMP',
    },
    { calls: ['LOCALTIMESTAMP'], example: 'LOCALTIMESTAMP' },
    { calls: ['CURRENT_DATE'], example: 'CURRENT_DATE' },
    { calls: ['CURRENT_TIME', 'LOCALTIME'], example: 'CURRENT_TIME' },
    {
      calls: ['UNIX_TIMESTAMP()', 'UNIX_TIMESTAMP(text [, pattern])'],
      example: "UNIX_TIMESTAMP('1970-01-02 00:00:00')",
    },
    { calls: ['PROCTIME()'], example: 'CAST(PROCTIME() AS TIMESTAMP(3))' },
  ],
};

export const TIME_FIELDS: FunctionFamily = {
  title: 'Fields of times',
  intro: `The units are MILLENNIUM, CENTURY, DECADE, YEAR, ISOYEAR, QUARTER, MONTH, WEEK, DOY, DAY, DOW, ISODOW, HOUR,
MINUTE, SECOND, MILLISECOND, MICROSECOND, NANOSECOND and EPOCH. Days of the week (DOW) count from 1 = Sunday, ISODOW
from 1 = Monday. WEEK is the ISO week. [Some fields before 1970](language-differences.md#surprising-rules-that-are-the-same) surprise, as in Flink.`,
  entries: [
    { calls: ['EXTRACT(unit FROM time)'], example: "EXTRACT(MINUTE FROM TIMESTAMP '2026-03-01 12:30:45')" },
    { calls: ['YEAR(time)'], example: "YEAR(DATE '2026-03-01')" },
    { calls: ['QUARTER(time)'], example: "QUARTER(DATE '2026-03-01')" },
    { calls: ['MONTH(time)'], example: "MONTH(DATE '2026-03-01')" },
    { calls: ['WEEK(time)'], example: "WEEK(DATE '2026-03-01')" },
    { calls: ['DAYOFYEAR(time)'], example: "DAYOFYEAR(DATE '2026-03-01')" },
    { calls: ['DAYOFMONTH(time)'], example: "DAYOFMONTH(DATE '2026-03-01')" },
    { calls: ['DAYOFWEEK(time)'], example: "DAYOFWEEK(DATE '2026-03-01')" },
    { calls: ['HOUR(time)'], example: "HOUR(TIMESTAMP '2026-03-01 12:30:45')" },
    { calls: ['MINUTE(time)'], example: "MINUTE(TIME '12:30:45')" },
    { calls: ['SECOND(time)'], example: "SECOND(TIME '12:30:45')" },
  ],
};

export const TIME_ARITHMETIC: FunctionFamily = {
  title: 'Calculation with times',
  intro: `\`time + INTERVAL '5' MINUTE\` and \`time - INTERVAL '5' MINUTE\` move a time. \`(a - b) SECOND\` is the difference of two
times as an interval.`,
  entries: [
    {
      calls: ['TIMESTAMPADD(unit, n, time)'],
      result: 'type of `time`',
      example: "TIMESTAMPADD(MONTH, 1, DATE '2026-01-31')",
    },
    {
      calls: ['TIMESTAMPDIFF(unit, from, to)'],
      example: "TIMESTAMPDIFF(MINUTE, TIMESTAMP '2026-03-01 12:00:00', TIMESTAMP '2026-03-01 12:30:45')",
    },
    {
      definition: 'FLOOR_TO',
      calls: ['FLOOR(time TO unit)'],
      result: 'type of `time`',
      example: "FLOOR(TIMESTAMP '2026-03-01 12:30:45' TO HOUR)",
    },
    {
      definition: 'CEIL_TO',
      calls: ['CEIL(time TO unit)'],
      result: 'type of `time`',
      example: "CEIL(DATE '2026-03-17' TO MONTH)",
    },
  ],
};

export const TIME_TEXTS: FunctionFamily = {
  title: 'Times and texts',
  intro: `Patterns are those of Java: \`yyyy-MM-dd HH:mm:ss.SSS\`. \`DATE_FORMAT\`, \`TO_TIMESTAMP\` and \`TO_TIMESTAMP_LTZ\` read
them as \`DateTimeFormatter\` does; \`TO_DATE\`, \`FROM_UNIXTIME\`, \`UNIX_TIMESTAMP\` and \`CONVERT_TZ\` as \`SimpleDateFormat\` does.
[Texts that do not fit](language-differences.md#surprising-rules-that-are-the-same) give surprising values, as in Flink.`,
  entries: [
    {
      calls: ['DATE_FORMAT(time, pattern)'],
      example: "DATE_FORMAT(TIMESTAMP '2026-03-01 12:30:45', 'dd.MM.yyyy HH:mm')",
    },
    { calls: ['TO_DATE(text [, pattern])'], example: "TO_DATE('01.03.2026', 'dd.MM.yyyy')" },
    { calls: ['TO_TIMESTAMP(text [, pattern])'], example: "TO_TIMESTAMP('01.03.2026 12:30', 'dd.MM.yyyy HH:mm')" },
    {
      calls: ['TO_TIMESTAMP_LTZ(number [, precision])', 'TO_TIMESTAMP_LTZ(text [, pattern [, zone]])'],
      result: 'TIMESTAMP_LTZ(3), or with as many digits as `pattern` has letters S',
      example: 'TO_TIMESTAMP_LTZ(1772368245000, 3)',
    },
    { calls: ['FROM_UNIXTIME(seconds [, pattern])'], example: 'FROM_UNIXTIME(1772368245)' },
    { calls: ['CONVERT_TZ(text, from, to)'], example: "CONVERT_TZ('2026-03-01 12:30:45', 'UTC', 'Asia/Tokyo')" },
  ],
};
