-- The balance of each account after every movement, as a changelog.
-- Each change removes the old balance (-U) and adds the new one (+U).
CREATE TABLE movements (
  ts TIMESTAMP(3),
  account STRING,
  amount DECIMAL(10, 2)
) WITH ('connector' = 'filesystem', 'path' = 'input/movements.jsonl', 'format' = 'json');

CREATE TABLE balances (
  account STRING,
  movements BIGINT,
  balance DECIMAL(38, 2),
  PRIMARY KEY (account) NOT ENFORCED
) WITH ('connector' = 'print');

INSERT INTO balances
SELECT account, COUNT(*) AS movements, SUM(amount) AS balance
FROM movements
GROUP BY account;
