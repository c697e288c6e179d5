import { test } from 'node:test';
import { checkRecorded } from '../../../support/call-function.ts';

/** Recorded results of Flink 2.3. */
const WIDE = 'äöü€😀x';
const URL = 'http://user:pw@facebook.com:80/path1/p.php?k1=v1&k2=v2#Ref1';

test('substrings, concatenation and padding', () => {
  checkRecorded([
    ['||', ['a', null], null],
    ['CONCAT', ['a', '/', 'b'], 'a/b'],
    ['CONCAT_WS', ['/', 'a', null, 'z'], 'a/z'],
    ['CONCAT_WS', [null, 'a'], null],
    ['CHAR_LENGTH', [WIDE], 6],
    ['INITCAP', ['hello wORLD foo-bar x_y 1ab'], 'Hello World Foo-Bar X_Y 1ab'],
    ['REVERSE', [WIDE], 'x😀€üöä'],
    ['TRIM', ['BOTH', 'xy', 'xyaxy'], 'a'],
    ['TRIM', ['LEADING', 'x', 'xxa'], 'a'],
    ['LTRIM', ['xya', 'yx'], 'a'],
    ['BTRIM', ['xyaxx', 'xy'], 'a'],
    ['RTRIM', ['a  '], 'a'],
    ['SUBSTRING', [WIDE, 5, 1], '😀'],
    ['SUBSTRING', ['hello', 0], 'hello'],
    ['SUBSTRING', ['hello', -10, 3], ''],
    ['SUBSTRING', ['hello', 2, -1], null],
    ['SUBSTRING', ['Flight LH1234', -3], '234'],
    ['LEFT', [WIDE, 5], 'äöü€😀'],
    ['LEFT', ['hello', -1], ''],
    ['RIGHT', [WIDE, 2], '😀x'],
    ['LPAD', [WIDE, 5, '*'], 'äöü€\uD83D'],
    ['LPAD', ['', 5, '*'], '*****'],
    ['LPAD', ['a', -1, '*'], null],
    ['LPAD', ['hi', 5, ''], null],
    ['RPAD', [WIDE, 16, 'xy'], 'äöü€😀xxyxyxyxyx'],
    ['REPEAT', ['ab', -1], ''],
    ['OVERLAY', ['abcdef', '##', 3], 'ab##ef'],
    ['OVERLAY', ['abcdef', '##', 3, 0], 'ab##'],
    ['OVERLAY', ['abcdef', '##', 6, 10], 'abcde##'],
    ['OVERLAY', ['abcdef', '##', 0, 2], 'abcdef'],
    ['ELT', [2, 'a', 'b'], 'b'],
    ['ELT', [9, 'a'], null],
  ]);
});

test('searching', () => {
  checkRecorded([
    ['POSITION', ['ü', WIDE], 3],
    ['POSITION', ['x', WIDE], 6],
    ['LOCATE', [',', 'a,b,,c', 3], 4],
    ['LOCATE', ['', 'hello'], 1],
    ['LOCATE', ['l', 'hello', -1], 3],
    ['INSTR', ['hello', 'l', -1], 4],
    ['INSTR', ['hello', 'l', 1, 2], 4],
    ['INSTR', ['hello', 'l', 1, 5], 0],
    ['REPLACE', ['aaa', '', 'x'], 'xaxaxax'],
    ['TRANSLATE', ['abcabc', 'abc', 'x'], 'xx'],
    ['TRANSLATE', ['aab', 'aa', 'xy'], 'xxb'],
    ['SPLIT_INDEX', ['a b', 32, 1], 'b'],
    ['SPLIT_INDEX', ['a,b,,c', ',', 2], ''],
    ['SPLIT_INDEX', ['a,b', ',', -1], null],
    ['SPLIT_INDEX', ['', ',', 0], null],
    ['SPLIT', ['a,b', ''], ['a', ',', 'b']],
    ['SPLIT', ['', ','], []],
    ['SPLIT', ['aXbX', 'X'], ['a', 'b', '']],
    ['STARTSWITH', ['abc', ''], true],
  ]);
});

test('patterns', () => {
  checkRecorded([
    ['LIKE', ['Hello World', 'H%d'], true],
    ['LIKE', ['a%b', 'a$%b', '$'], true],
    ['LIKE', ['a_b', 'a\\_b'], false],
    ['SIMILAR TO', ['Hello World', '(Hello|Bye)_World'], true],
    ['SIMILAR TO', ['1a', '[[:DIGIT:]][[:ALPHA:]]'], true],
    ['SIMILAR TO', ['^a', '[^b]a'], true],
    ['SIMILAR TO', ['abc', 'ab'], false],
    ['SIMILAR TO', ['a%', 'a\\%', '\\'], true],
    ['REGEXP', ['hello', 'l+'], true],
    ['REGEXP', ['hello', ''], false],
    ['REGEXP', ['hello', '('], false],
    ['REGEXP_REPLACE', ['foobar', 'oo|ar', ''], 'fb'],
    ['REGEXP_REPLACE', ['foobar', '(o+)', '[$1]'], 'f[$1]bar'],
    ['REGEXP_REPLACE', ['abc', '', '-'], '-a-b-c-'],
    ['REGEXP_REPLACE', ['foobar', '(', 'x'], null],
    ['REGEXP_EXTRACT', ['foothebar', 'foo(.*?)(bar)', 2], 'bar'],
    ['REGEXP_EXTRACT', ['foothebar', 'foo(.*?)(bar)'], 'foothebar'],
    ['REGEXP_EXTRACT', ['foothebar', 'foo', 5], null],
    ['REGEXP_EXTRACT', ['abc', '(b)(x)?', 2], null],
    ['REGEXP_EXTRACT_ALL', ['100-200, 300-400', '(\\d+)-(\\d+)', 2], ['200', '400']],
    ['REGEXP_COUNT', ['ababa', 'aba'], 1],
    ['REGEXP_INSTR', ['hello world', 'wor'], 7],
    ['REGEXP_SUBSTR', ['hello world', 'o.'], 'o '],
  ]);
});

test('a construct that is not supported is refused by name and place', () => {
  checkRecorded([
    ['REGEXP', ['a', '(?=a)a'], true],
    ['REGEXP_REPLACE', ['aab', '(a)\\1', ''], 'b'],
    [
      'REGEXP',
      ['a', 'a|\\N{GRINNING FACE}'],
      {
        refused:
          "the regular expression 'a|\\N{GRINNING FACE}' uses the name of the character \\N{GRINNING FACE} at character 3, which is not supported",
      },
    ],
    [
      'REGEXP_COUNT',
      ['a', '(?ic)a'],
      {
        refused:
          "the regular expression '(?ic)a' uses canonical equivalence (?c) at character 4, which is not supported",
      },
    ],
    ['LIKE', ['ab', 'a$b', '$'], { refused: "invalid escape in the LIKE pattern 'a$b' at position 2" }],
  ]);
});

test('codes, hashes, URLs', () => {
  checkRecorded([
    ['ASCII', ['ä'], -61],
    ['ASCII', [''], 0],
    ['CHR', [300], ','],
    ['CHR', [-1], ''],
    ['HEX', [WIDE], 'C3A4C3B6C3BCE282ACF09F988078'],
    ['HEX', [-3], 'FFFFFFFFFFFFFFFD'],
    ['BIN', [7], '111'],
    ['TO_BASE64', [WIDE], 'w6TDtsO84oKs8J+YgHg='],
    ['FROM_BASE64', ['w6TDtsO84oKs8J+YgHg='], WIDE],
    ['MD5', ['abc'], '900150983cd24fb0d6963f7d28e17f72'],
    ['SHA1', ['abc'], 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['SHA2', ['abc', 256], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['SHA2', ['abc', 1], { refused: 'has no form of 1 bits; 224, 256, 384 or 512 exist' }],
    ['PARSE_URL', [URL, 'HOST'], 'facebook.com'],
    ['PARSE_URL', [URL, 'QUERY', 'k2'], 'v2'],
    ['PARSE_URL', [URL, 'AUTHORITY'], 'user:pw@facebook.com:80'],
    ['PARSE_URL', [URL, 'USERINFO'], 'user:pw'],
    ['PARSE_URL', [URL, 'FILE'], '/path1/p.php?k1=v1&k2=v2'],
    ['PARSE_URL', ['nonsense', 'HOST'], null],
    ['URL_ENCODE', ['a b&c/ä*~'], 'a+b%26c%2F%C3%A4*%7E'],
    ['URL_DECODE', ['a+b%26c'], 'a b&c'],
    ['URL_DECODE', ['a%zz'], null],
  ]);
});
