SELECT x FROM (VALUES ('a'), (1)) AS v(x);
