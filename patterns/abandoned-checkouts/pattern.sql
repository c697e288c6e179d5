-- Checkouts that are not paid within twenty minutes, and the step that each one reached.
-- Paid checkouts are also in the result, so that it gives the rate of abandoned ones.
CREATE TABLE checkouts (
  ts TIMESTAMP(3),
  cart STRING,
  step STRING,
  total DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/checkouts.jsonl', 'format' = 'json');

CREATE TABLE outcomes (
  cart STRING,
  outcome STRING,
  reached STRING,
  total DECIMAL(10, 2),
  begun_at TIMESTAMP(3),
  ended_at TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO outcomes
SELECT
  cart,
  CASE status WHEN 'MATCH' THEN 'paid' ELSE 'abandoned' END,
  CASE WHEN paid_at IS NOT NULL THEN 'paid' WHEN payment_at IS NOT NULL THEN 'payment' WHEN address_at IS NOT NULL THEN 'address' ELSE 'cart' END,
  total,
  begun_at,
  ended_at
FROM checkouts MATCH_RECOGNIZE (
  PARTITION BY cart
  ORDER BY ts
  MEASURES
    MATCH_STATUS() AS status,
    CART.ts AS begun_at,
    ADDRESS.ts AS address_at,
    PAYMENT.ts AS payment_at,
    PAID.ts AS paid_at,
    CART.total AS total,
    MATCH_ROWTIME() AS ended_at
  -- A partial match that WITHIN ends is a row too; the variables that it did not reach are NULL.
  ONE ROW PER MATCH SHOW TIMEOUT MATCHES
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (CART FOLLOWED BY ADDRESS FOLLOWED BY PAYMENT FOLLOWED BY PAID) WITHIN INTERVAL '20' MINUTE
  DEFINE
    CART AS step = 'cart',
    ADDRESS AS step = 'address',
    PAYMENT AS step = 'payment',
    PAID AS step = 'paid'
);
