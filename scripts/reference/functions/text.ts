import type { FunctionFamily } from './function-entry.ts';

export const TEXT: FunctionFamily = {
  title: 'Text',
  intro: `Positions count characters (Unicode code points) from 1. The result is a STRING, or a VARCHAR with the length of
the argument where the result cannot be longer.`,
  entries: [
    { definition: '||', calls: ['a || b'], result: 'STRING', example: "'Sequi' || 'tur'" },
    { calls: ['CONCAT(a, b, …)'], example: "CONCAT('a', 'b', 'c')" },
    { calls: ['CONCAT_WS(separator, a, b, …)'], example: "CONCAT_WS('-', 'a', CAST(NULL AS STRING), 'c')" },
    { calls: ['CHAR_LENGTH(text)', 'CHARACTER_LENGTH(text)'], example: "CHAR_LENGTH('naïve')" },
    { calls: ['UPPER(text)'], example: "UPPER('late')" },
    { calls: ['LOWER(text)'], example: "LOWER('LATE')" },
    { calls: ['INITCAP(text)'], example: "INITCAP('new york')" },
    { calls: ['REVERSE(text)'], example: "REVERSE('abc')" },
    {
      calls: ['TRIM(text)', 'TRIM([BOTH | LEADING | TRAILING] [characters] FROM text)'],
      example: "TRIM(LEADING '0' FROM '0042')",
    },
    { calls: ['LTRIM(text [, characters])'], example: "LTRIM('  a ')" },
    { calls: ['RTRIM(text [, characters])'], example: "RTRIM('  a ')" },
    { calls: ['BTRIM(text [, characters])'], example: "BTRIM('--a-', '-')" },
    {
      calls: [
        'SUBSTRING(text, start [, length])',
        'SUBSTRING(text FROM start [FOR length])',
        'SUBSTR(text, start [, length])',
      ],
      example: "SUBSTRING('Sequitur', 4, 3)",
    },
    { calls: ['LEFT(text, n)'], example: "LEFT('Sequitur', 3)" },
    { calls: ['RIGHT(text, n)'], example: "RIGHT('Sequitur', 3)" },
    { calls: ['LPAD(text, length, filler)'], example: "LPAD('7', 3, '0')" },
    { calls: ['RPAD(text, length, filler)'], example: "RPAD('7', 3, '.')" },
    { calls: ['REPEAT(text, n)'], example: "REPEAT('ab', 3)" },
    {
      calls: ['OVERLAY(text PLACING replacement FROM start [FOR length])'],
      example: "OVERLAY('12345' PLACING '**' FROM 2 FOR 3)",
    },
    { calls: ['REPLACE(text, searched, replacement)'], example: "REPLACE('a-b-c', '-', '+')" },
    { calls: ['TRANSLATE(text, from, to)'], example: "TRANSLATE('2026-03-01', '-', '/')" },
    { calls: ['ELT(n, a, b, …)'], example: "ELT(2, 'low', 'middle', 'high')" },
    { calls: ['SPLIT(text, separator)'], example: "SPLIT('a,b,c', ',')" },
    { calls: ['SPLIT_INDEX(text, separator, n)'], example: "SPLIT_INDEX('a,b,c', ',', 1)" },
    { calls: ['PRINTF(format, a, b, …)'], example: "PRINTF('%s has %05.1f', 'pump', CAST(2.25 AS DOUBLE))" },
  ],
};

export const SEARCHING: FunctionFamily = {
  title: 'Search in text',
  entries: [
    { definition: 'LIKE', calls: ["text [NOT] LIKE pattern [ESCAPE 'c']"], example: "'web-17' LIKE 'web%'" },
    {
      definition: 'SIMILAR TO',
      calls: ["text [NOT] SIMILAR TO pattern [ESCAPE 'c']"],
      example: "'web-17' SIMILAR TO '(web|app)-[0-9]+'",
    },
    { calls: ['STARTSWITH(text, start)'], example: "STARTSWITH('web-17', 'web')" },
    { calls: ['ENDSWITH(text, end)'], example: "ENDSWITH('web-17', '17')" },
    { calls: ['POSITION(searched IN text)'], example: "POSITION('u' IN 'Sequitur')" },
    { calls: ['LOCATE(searched, text [, start])'], example: "LOCATE('u', 'Sequitur', 5)" },
    { calls: ['INSTR(text, searched [, start [, n]])'], example: "INSTR('Sequitur', 'u', 1, 2)" },
    { calls: ['IS_ALPHA(text)'], example: "IS_ALPHA('abc')" },
    { calls: ['IS_DIGIT(text)'], example: "IS_DIGIT('12a')" },
    { calls: ['IS_DECIMAL(text)'], example: "IS_DECIMAL('-1.5')" },
  ],
};

export const REGULAR_EXPRESSIONS: FunctionFamily = {
  title: 'Regular expressions',
  intro: `[Regular expressions](regular-expressions.md) lists each construct. A function finds the expression anywhere in
the text, so write \`^…$\` for the whole text. Group 0 is the whole match.`,
  entries: [
    { calls: ['REGEXP(text, regex)'], example: "REGEXP('web-17', '[0-9]+')" },
    { calls: ['REGEXP_EXTRACT(text, regex [, group])'], example: "REGEXP_EXTRACT('web-17', '(\\w+)-(\\d+)', 2)" },
    { calls: ['REGEXP_EXTRACT_ALL(text, regex [, group])'], example: "REGEXP_EXTRACT_ALL('a1 b2', '([a-z])\\d')" },
    { calls: ['REGEXP_SUBSTR(text, regex)'], example: "REGEXP_SUBSTR('web-17', '\\d+')" },
    { calls: ['REGEXP_REPLACE(text, regex, replacement)'], example: "REGEXP_REPLACE('a1b22', '\\d+', '#')" },
    { calls: ['REGEXP_COUNT(text, regex)'], example: "REGEXP_COUNT('a1b22', '\\d')" },
    { calls: ['REGEXP_INSTR(text, regex)'], example: "REGEXP_INSTR('web-17', '\\d')" },
  ],
};

export const ENCODINGS: FunctionFamily = {
  title: 'Codes and hashes of text',
  entries: [
    { calls: ['MD5(text)'], example: "MD5('a')" },
    { calls: ['SHA1(text)'], example: "SHA1('a')" },
    { calls: ['SHA224(text)'], example: "LEFT(SHA224('a'), 16)" },
    { calls: ['SHA256(text)'], example: "LEFT(SHA256('a'), 16)" },
    { calls: ['SHA384(text)'], example: "LEFT(SHA384('a'), 16)" },
    { calls: ['SHA512(text)'], example: "LEFT(SHA512('a'), 16)" },
    { calls: ['SHA2(text, bits)'], example: "LEFT(SHA2('a', 256), 16)" },
    { calls: ['TO_BASE64(text)'], example: "TO_BASE64('abc')" },
    { calls: ['FROM_BASE64(text)'], example: "FROM_BASE64('YWJj')" },
    { calls: ['UNHEX(text)'], example: "DECODE(UNHEX('616263'), 'UTF-8')" },
    { calls: ['ENCODE(text, charset)'], example: "ENCODE('abc', 'UTF-8')" },
    { calls: ['DECODE(bytes, charset)'], example: "DECODE(x'616263', 'UTF-8')" },
    { calls: ['ASCII(text)'], example: "ASCII('A')" },
    { calls: ['CHR(code)'], example: 'CHR(65)' },
    { calls: ['PARSE_URL(url, part [, key])'], example: "PARSE_URL('https://a.example/b?c=d', 'QUERY', 'c')" },
    { calls: ['URL_ENCODE(text)'], example: "URL_ENCODE('a b&c')" },
    { calls: ['URL_DECODE(text)'], example: "URL_DECODE('a+b%26c')" },
  ],
};
