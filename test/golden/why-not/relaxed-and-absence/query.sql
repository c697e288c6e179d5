-- an order that is not confirmed within 30 seconds, unless it is cancelled
CREATE TABLE orders (id INT, shop STRING, item INT, kind STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

CREATE TABLE overdue (shop STRING, item INT, checked INT) WITH ('connector' = 'blackhole');

INSERT INTO overdue SELECT * FROM orders MATCH_RECOGNIZE (
  PARTITION BY shop
  ORDER BY ts
  MEASURES O.item AS item, K.id AS checked
  AFTER MATCH NO SKIP
  PATTERN (O NOT FOLLOWED BY X FOLLOWED BY K NOT FOLLOWED BY C) WITHIN INTERVAL '30' SECOND
  DEFINE
    O AS O.kind = 'order',
    X AS X.kind = 'cancel' AND X.item = O.item,
    K AS K.kind = 'check' AND K.item = O.item,
    C AS C.kind = 'confirm' AND C.item = O.item
);

EXPLAIN MATCH overdue FOR KEY ('north') BETWEEN '2026-01-01 10:00:00' AND '2026-01-01 10:03:00';
