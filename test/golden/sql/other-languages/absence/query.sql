CREATE TABLE orders (
  ts TIMESTAMP(3), order_id STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

CREATE TABLE shipments (
  ts TIMESTAMP(3), order_id STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/shipments.jsonl', 'format' = 'json');

CREATE VIEW events AS
SELECT ts, order_id, 'order' AS kind FROM orders
UNION ALL
SELECT ts, order_id, 'shipment' AS kind FROM shipments;

SELECT order_id, ordered_at, found_at
FROM events MATCH_RECOGNIZE (
  PARTITION BY order_id
  ORDER BY ts
  MEASURES O.ts AS ordered_at, MATCH_ROWTIME() AS found_at
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (O NOT FOLLOWED BY S) WITHIN INTERVAL '2' HOUR
  DEFINE O AS O.kind = 'order', S AS S.kind = 'shipment'
) AS m;
