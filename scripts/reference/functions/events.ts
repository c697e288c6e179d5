/** The small table of events that the examples of windows and patterns read. */
export const EVENTS_TABLE = `CREATE TABLE events (
  price INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'datagen');`;

export const EVENTS: readonly { readonly price: number; readonly ts: string }[] = [
  { price: 10, ts: '2026-03-01 09:01:00' },
  { price: 12, ts: '2026-03-01 09:04:00' },
  { price: 7, ts: '2026-03-01 09:12:00' },
  { price: 15, ts: '2026-03-01 09:13:00' },
];

/** Describes the events to the reader of the page. */
export const EVENTS_TEXT = `a table \`events\` with ${EVENTS.length} rows: ${EVENTS.map(
  ({ price, ts }) => `price ${price} at ${ts.slice(11, 16)}`,
).join(', ')}`;
