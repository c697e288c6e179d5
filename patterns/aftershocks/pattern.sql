-- The first aftershock of a strong earthquake: within six hours and about 100 km.
-- The earthquake has magnitude 5 or more, the aftershock magnitude 4 or more.
CREATE TABLE earthquakes (
  ts TIMESTAMP(3),
  id STRING,
  magnitude DOUBLE,
  place STRING,
  latitude DOUBLE,
  longitude DOUBLE,
  depth_km DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = 'input/earthquakes.jsonl', 'format' = 'json');

CREATE TABLE aftershocks (
  main_id STRING,
  main_magnitude DOUBLE,
  main_place STRING,
  main_at TIMESTAMP(3),
  after_id STRING,
  after_magnitude DOUBLE,
  after_place STRING,
  minutes_between INT
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO aftershocks
SELECT main_id, main_magnitude, main_place, main_at, after_id, after_magnitude, after_place, TIMESTAMPDIFF(MINUTE, main_at, after_at)
FROM earthquakes MATCH_RECOGNIZE (
  ORDER BY ts
  MEASURES
    MAIN.id AS main_id,
    MAIN.magnitude AS main_magnitude,
    MAIN.place AS main_place,
    MAIN.ts AS main_at,
    AFTER_SHOCK.id AS after_id,
    AFTER_SHOCK.magnitude AS after_magnitude,
    AFTER_SHOCK.place AS after_place,
    AFTER_SHOCK.ts AS after_at
  ONE ROW PER MATCH
  -- Every strong earthquake begins a match, also one that is itself an aftershock.
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (MAIN ELSEWHERE*? AFTER_SHOCK) WITHIN INTERVAL '6' HOUR
  DEFINE
    MAIN AS MAIN.magnitude >= 5,
    -- Earthquakes that are not the aftershock. Without this condition, a later aftershock could
    -- match instead of the first one (see README.md).
    -- One degree of latitude is 111 km; degrees of longitude shrink towards the poles.
    ELSEWHERE AS ELSEWHERE.magnitude < 4
      OR ABS(ELSEWHERE.latitude - MAIN.latitude) >= 0.9
      OR ABS(ELSEWHERE.longitude - MAIN.longitude) * COS(RADIANS(MAIN.latitude)) >= 0.9,
    AFTER_SHOCK AS AFTER_SHOCK.magnitude >= 4
      AND ABS(AFTER_SHOCK.latitude - MAIN.latitude) < 0.9
      AND ABS(AFTER_SHOCK.longitude - MAIN.longitude) * COS(RADIANS(MAIN.latitude)) < 0.9
) AS found;
