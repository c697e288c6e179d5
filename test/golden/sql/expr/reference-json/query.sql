SELECT
  JSON_VALUE('{"a": {"b": 7}}', '$.a.b' RETURNING INT) AS c0,
  JSON_QUERY('{"a": [1, 2]}', '$.a') AS c1,
  JSON_EXISTS('{"a": 1}', '$.b') AS c2,
  '[1]' IS JSON OBJECT AS c3,
  JSON_OBJECT(KEY 'id' VALUE 7, KEY 'tags' VALUE JSON_ARRAY('a', 'b')) AS c4,
  JSON_ARRAY(1, 'a', TRUE) AS c5,
  JSON_OBJECT(KEY 'raw' VALUE JSON('{"a": 1}')) AS c6,
  JSON_STRING(ARRAY['a', 'b']) AS c7,
  JSON_QUOTE('say "yes"') AS c8,
  JSON_UNQUOTE('"yes"') AS c9;
