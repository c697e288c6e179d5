import type { FunctionFamily } from './function-entry.ts';

export const JSON_FUNCTIONS: FunctionFamily = {
  title: 'JSON',
  intro: `A JSON value is a text. A path such as \`$.a.b[0]\` begins at the root. A path is strict: if it leads nowhere, ON
ERROR decides. With \`lax $.a\`, ON EMPTY decides. Without these clauses the result is NULL.`,
  entries: [
    {
      calls: ['JSON_VALUE(json, path [RETURNING type] [x ON EMPTY] [x ON ERROR])'],
      note: '`x` is NULL, ERROR or `DEFAULT value`.',
      result: 'STRING, or the type after RETURNING: STRING, INT, DOUBLE, BOOLEAN',
      example: `JSON_VALUE('{"a": {"b": 7}}', '$.a.b' RETURNING INT)`,
    },
    {
      calls: ['JSON_QUERY(json, path [w WRAPPER] [x ON EMPTY] [x ON ERROR])'],
      note: '`w` is WITHOUT, WITH or WITH CONDITIONAL. `x` is NULL, ERROR, EMPTY ARRAY or EMPTY OBJECT.',
      example: `JSON_QUERY('{"a": [1, 2]}', '$.a')`,
    },
    {
      calls: ['JSON_EXISTS(json, path [x ON ERROR])'],
      note: '`x` is FALSE (the default), TRUE, UNKNOWN or ERROR.',
      example: `JSON_EXISTS('{"a": 1}', '$.b')`,
    },
    {
      definition: 'IS JSON',
      calls: ['text IS [NOT] JSON [VALUE | OBJECT | ARRAY | SCALAR]'],
      example: "'[1]' IS JSON OBJECT",
    },
    {
      calls: ['JSON_OBJECT([KEY] key VALUE value, … [NULL | ABSENT ON NULL])'],
      example: "JSON_OBJECT(KEY 'id' VALUE 7, KEY 'tags' VALUE JSON_ARRAY('a', 'b'))",
    },
    { calls: ['JSON_ARRAY(a, b, … [NULL | ABSENT ON NULL])'], example: "JSON_ARRAY(1, 'a', TRUE)" },
    { calls: ['JSON(text)'], example: `JSON_OBJECT(KEY 'raw' VALUE JSON('{"a": 1}'))` },
    { calls: ['JSON_STRING(a)'], example: "JSON_STRING(ARRAY['a', 'b'])" },
    { calls: ['JSON_QUOTE(text)'], example: `JSON_QUOTE('say "yes"')` },
    { calls: ['JSON_UNQUOTE(text)'], example: `JSON_UNQUOTE('"yes"')` },
  ],
};
