-- Parcels that were not scanned for three hours and are not delivered.
-- A row appears when the three hours are over, not when the next scan arrives.
CREATE TABLE parcels (
  ts TIMESTAMP(3),
  parcel STRING,
  event STRING,
  depot STRING,
  WATERMARK FOR ts AS ts - INTERVAL '5' MINUTE
) WITH ('connector' = 'filesystem', 'path' = 'input/parcels.jsonl', 'format' = 'json');

CREATE TABLE alerts (
  parcel STRING,
  last_event STRING,
  last_depot STRING,
  last_seen TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO alerts
SELECT parcel, last_event, last_depot, last_seen
FROM parcels MATCH_RECOGNIZE (
  PARTITION BY parcel
  ORDER BY ts
  MEASURES
    SEEN.event AS last_event,
    SEEN.depot AS last_depot,
    SEEN.ts AS last_seen
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  -- Absence: no further row of the parcel within the time.
  PATTERN (SEEN NOT FOLLOWED BY NEXT_EVENT) WITHIN INTERVAL '3' HOUR
  DEFINE SEEN AS event <> 'delivered'
);
