CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT price + 0 AS p0, price + 1 AS p1, price + 2 AS p2, price + 3 AS p3, price + 4 AS p4, price + 5 AS p5, price + 6 AS p6, price + 7 AS p7, price + 8 AS p8, price + 9 AS p9, price + 10 AS p10, price + 11 AS p11, price + 12 AS p12, price + 13 AS p13, price + 14 AS p14, price + 15 AS p15, price + 16 AS p16, price + 17 AS p17, price + 18 AS p18, price + 19 AS p19, price + 20 AS p20, price + 21 AS p21, price + 22 AS p22, price + 23 AS p23, price + 24 AS p24, price + 25 AS p25, price + 26 AS p26, price + 27 AS p27, price + 28 AS p28, price + 29 AS p29, price + 30 AS p30, price + 31 AS p31, price + 32 AS p32, price + 33 AS p33, price + 34 AS p34, price + 35 AS p35, price + 36 AS p36, price + 37 AS p37, price + 38 AS p38, price + 39 AS p39, prise, price * 0 AS q0, price * 1 AS q1, price * 2 AS q2, price * 3 AS q3, price * 4 AS q4, price * 5 AS q5, price * 6 AS q6, price * 7 AS q7, price * 8 AS q8, price * 9 AS q9, price * 10 AS q10, price * 11 AS q11, price * 12 AS q12, price * 13 AS q13, price * 14 AS q14, price * 15 AS q15, price * 16 AS q16, price * 17 AS q17, price * 18 AS q18, price * 19 AS q19, price * 20 AS q20, price * 21 AS q21, price * 22 AS q22, price * 23 AS q23, price * 24 AS q24, price * 25 AS q25, price * 26 AS q26, price * 27 AS q27, price * 28 AS q28, price * 29 AS q29, price * 30 AS q30, price * 31 AS q31, price * 32 AS q32, price * 33 AS q33, price * 34 AS q34, price * 35 AS q35, price * 36 AS q36, price * 37 AS q37, price * 38 AS q38, price * 39 AS q39 FROM bids;
