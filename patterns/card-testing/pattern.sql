-- A payment below 2, then a payment above 500 with the same card, within ten minutes.
-- Other payments may come between them. The small payment may have tested a stolen card.
CREATE TABLE payments (
  ts TIMESTAMP(3),
  payment_id BIGINT,
  card STRING,
  merchant STRING,
  amount DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');

CREATE TABLE alerts (
  card STRING,
  small_id BIGINT,
  small_amount DECIMAL(10, 2),
  large_id BIGINT,
  large_amount DECIMAL(10, 2),
  merchant STRING,
  seconds_between INT
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO alerts
SELECT card, small_id, small_amount, large_id, large_amount, merchant, TIMESTAMPDIFF(SECOND, small_at, large_at)
FROM payments MATCH_RECOGNIZE (
  PARTITION BY card
  ORDER BY ts
  MEASURES
    PROBE.payment_id AS small_id,
    PROBE.amount AS small_amount,
    PROBE.ts AS small_at,
    HAUL.payment_id AS large_id,
    HAUL.amount AS large_amount,
    HAUL.merchant AS merchant,
    HAUL.ts AS large_at
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  -- BETWEEN_THEM has no condition, so it matches any other payments.
  PATTERN (PROBE BETWEEN_THEM*? HAUL) WITHIN INTERVAL '10' MINUTE
  DEFINE
    PROBE AS PROBE.amount < 2,
    HAUL AS HAUL.amount > 500
) AS found;
