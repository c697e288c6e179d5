import {
  GROUP_WINDOWS as GROUP_WINDOW_SUMMARIES,
  WINDOW_AUXILIARIES,
} from '../../../src/compiler/lower/group-window.ts';
import { WINDOW_FUNCTIONS } from '../../../src/compiler/lower/lower-window-function.ts';
import { EVENTS, EVENTS_TABLE, EVENTS_TEXT } from './events.ts';
import type { FunctionFamily } from './function-entry.ts';

/** Writes one window as `09:00–09:10: 2`. */
const windows = (rows: readonly (readonly string[])[]): string =>
  rows.map(([start, end, count]) => `${start!.slice(11, 16)}–${end!.slice(11, 16)}: ${count}`).join(', ');

export const WINDOW_TABLES: FunctionFamily = {
  title: 'Windows as tables',
  intro: `A window function in FROM adds the columns \`window_start\`, \`window_end\` and \`window_time\` to each row of a table.
\`GROUP BY window_start, window_end\` gives one row for each window and key. The end is not part of the window. \`time\`
is the column with the watermark, or a \`PROCTIME()\` column. Sizes are intervals of days to milliseconds. Windows begin
at 1970-01-01 00:00 plus a multiple of their size, plus the offset. Arguments may have names: \`SIZE => INTERVAL '10' MINUTE\`.
The examples read ${EVENTS_TEXT}. An answer shows each window and \`COUNT(*)\`.`,
  events: EVENTS,
  summaryOf: (name) => WINDOW_FUNCTIONS[name]?.summary,
  query: (example) => `${EVENTS_TABLE}
SELECT window_start, window_end, COUNT(*) AS n FROM TABLE(${example}) GROUP BY window_start, window_end;`,
  answer: windows,
  entries: [
    {
      calls: ['TUMBLE(TABLE t, DESCRIPTOR(time), size [, offset])'],
      example: "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '10' MINUTE)",
    },
    {
      calls: ['HOP(TABLE t, DESCRIPTOR(time), slide, size [, offset])'],
      example: "HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)",
    },
    {
      calls: ['CUMULATE(TABLE t, DESCRIPTOR(time), step, size [, offset])'],
      example: "CUMULATE(TABLE events, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)",
    },
    {
      calls: ['SESSION(TABLE t [PARTITION BY key], DESCRIPTOR(time), gap)'],
      example: "SESSION(TABLE events, DESCRIPTOR(ts), INTERVAL '5' MINUTE)",
    },
  ],
};

export const GROUP_WINDOWS: FunctionFamily = {
  title: 'Windows in GROUP BY',
  intro: `This is Flink's older form. \`GROUP BY TUMBLE(time, size), key\` gives one row for each window and key.
The examples read the same events.`,
  events: EVENTS,
  summaryOf: (name) => GROUP_WINDOW_SUMMARIES[name],
  query: (example) => {
    const [name, rest] = [example.slice(0, example.indexOf('(')), example.slice(example.indexOf('('))];
    return `${EVENTS_TABLE}
SELECT ${name}_START${rest} AS s, ${name}_END${rest} AS e, COUNT(*) AS n FROM events GROUP BY ${example};`;
  },
  answer: windows,
  entries: [
    { calls: ['TUMBLE(time, size)'], example: "TUMBLE(ts, INTERVAL '10' MINUTE)" },
    { calls: ['HOP(time, slide, size)'], example: "HOP(ts, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)" },
    { calls: ['SESSION(time, gap)'], example: "SESSION(ts, INTERVAL '5' MINUTE)" },
  ],
};

/** The functions of a window in GROUP BY. */
export const WINDOW_BOUNDS: FunctionFamily = {
  title: 'Bounds of windows in GROUP BY',
  intro: `These functions stand beside a window in GROUP BY and repeat its arguments. There are the same ones for HOP and
SESSION: \`HOP_START\`, \`SESSION_END\` and so on. The examples are for the last window of \`GROUP BY TUMBLE(ts, INTERVAL '10' MINUTE)\`.`,
  events: EVENTS,
  summaryOf: (name) => WINDOW_AUXILIARIES[name],
  query: (example) => {
    const time = example.includes('_PROCTIME') ? 'PROCTIME()' : 'ts';
    return `${EVENTS_TABLE}
SELECT ${example} AS answer FROM (SELECT ${time} AS ts FROM events) GROUP BY TUMBLE(ts, INTERVAL '10' MINUTE);`;
  },
  entries: [
    { definition: 'START', calls: ['TUMBLE_START(time, size)'], example: "TUMBLE_START(ts, INTERVAL '10' MINUTE)" },
    { definition: 'END', calls: ['TUMBLE_END(time, size)'], example: "TUMBLE_END(ts, INTERVAL '10' MINUTE)" },
    {
      definition: 'ROWTIME',
      calls: ['TUMBLE_ROWTIME(time, size)'],
      example: "TUMBLE_ROWTIME(ts, INTERVAL '10' MINUTE)",
    },
    {
      definition: 'PROCTIME',
      calls: ['TUMBLE_PROCTIME(time, size)'],
      example: "TUMBLE_PROCTIME(ts, INTERVAL '10' MINUTE)",
    },
  ],
};

export const EVENT_TIME: FunctionFamily = {
  title: 'Event time',
  intro: `The example reads the same events, whose watermark is the time of the last row.`,
  events: EVENTS,
  query: (example) => `${EVENTS_TABLE} SELECT ${example} AS answer FROM events;`,
  entries: [
    {
      calls: ['CURRENT_WATERMARK(time)'],
      result: 'type of `time`',
      meaning: 'The watermark before the row is read. NULL before the first watermark.',
      example: 'CURRENT_WATERMARK(ts)',
    },
  ],
};
