import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRING } from '../../../../src/core/data-type.ts';
import { EngineError } from '../../../../src/core/engine-error.ts';
import { BacktrackingMatcher } from '../../../../src/core/regex/backtracking-matcher.ts';
import { compileProgram } from '../../../../src/core/regex/backtracking-program.ts';
import { toLinear } from '../../../../src/core/regex/linear-pattern.ts';
import { parsePattern } from '../../../../src/core/regex/parse-pattern.ts';
import { InvalidPattern, UnsupportedPattern } from '../../../../src/core/regex/pattern-error.ts';
import { Regex, type RegexMatcher } from '../../../../src/core/regex/regex.ts';
import { call, typed } from '../../../support/call-function.ts';
import { randomPatterns } from '../../../sweeps/regex/random-patterns.ts';

const exceeded = (steps: number): Error => new Error(`more than ${steps}`);

function matches(matcher: RegexMatcher, groups: number): readonly (readonly unknown[])[] {
  const found: unknown[][] = [];
  while (matcher.find())
    found.push([matcher.start(), ...Array.from({ length: groups + 1 }, (_, i) => matcher.group(i) ?? null)]);
  return found;
}

function backtracked(pattern: string, text: string): readonly (readonly unknown[])[] {
  const parsed = parsePattern(pattern);
  return matches(new BacktrackingMatcher(compileProgram(parsed), text, exceeded), parsed.groups);
}

describe('regular expressions', () => {
  it('have the constructs of Java that used to give NULL', () => {
    for (const [pattern, text, found] of [
      ['\\p{L}+', '1 éa', 'éa'],
      ['\\p{Punct}', 'a, b', ','],
      ['\\h', 'a\tb', '\t'],
      ['\\R', 'a\r\nb', '\r\n'],
      ['x\\Z', 'ax\n', 'x'],
      ['\\u0041', 'bA', 'A'],
      ['\\0101', 'bA', 'A'],
      ['[a-z&&[^e]]+', 'eab', 'ab'],
      ['[a-c[x-z]]+', 'may', 'ay'],
      ['(?iu)É', 'é', 'é'],
      ['(?<=code=)\\d+', 'code=42', '42'],
      ['(\\w)\\1', 'hello', 'll'],
      ['a++b', 'aab', 'aab'],
      ['(?>a|ab)c', 'abc ac', 'ac'],
    ] as const) {
      assert.equal(call('REGEXP_SUBSTR', [text, pattern]), found, pattern);
    }
  });

  it('name a mistake and its place', () => {
    for (const [pattern, index] of [
      ['ab(c', 4],
      ['a**', 2],
      ['a)b', 1],
      ['[z-a]', 3],
      ['a{2,1}', 5],
      ['a\\y', 2],
      ['(?<=(a|b)+)c', 9],
    ] as const) {
      assert.throws(
        () => parsePattern(pattern),
        (error) => error instanceof InvalidPattern && error.index === index,
        pattern,
      );
    }
  });

  it('refuse what only Java has, by name and place', () => {
    for (const [pattern, construct, index] of [
      ['a\\N{GRINNING FACE}', 'the name of the character \\N{GRINNING FACE}', 1],
      ['[\\N{no name}]', 'the name of the character \\N{no name}', 1],
      ['ab\\b{g}', 'the grapheme boundary \\b{g}', 2],
      ['(?ic)a', 'canonical equivalence (?c)', 3],
    ] as const) {
      assert.throws(
        () => parsePattern(pattern),
        (error) => error instanceof UnsupportedPattern && error.construct === construct && error.index === index,
        pattern,
      );
    }
  });

  it('fail the row by name if a pattern of a column is not supported', () => {
    assert.throws(
      () => call('REGEXP_COUNT', ['a', typed(STRING, '\\b{g}')]),
      (error) =>
        error instanceof EngineError &&
        /REGEXP_COUNT: .* uses the grapheme boundary .* at character 1/.test(error.message),
    );
    assert.equal(call('REGEXP_COUNT', ['a', typed(STRING, '(')]), null);
  });

  it('have a limit of steps for a text', () => {
    const before = process.cpuUsage();
    assert.throws(
      () => call('REGEXP', ['a'.repeat(60), '(a+)+\\1b']),
      (error) =>
        error instanceof EngineError &&
        error.code === 'EXPRESSION_FAILED' &&
        /^REGEXP: the regular expression '\(a\+\)\+\\1b' needs more than 4001920 steps/.test(error.message),
    );
    assert.ok(process.cpuUsage(before).user < 2_000_000);
  });

  it('remember failures, so that nested repetitions take few steps', () => {
    for (const pattern of ['(x+x+)+y(?=a)', '(?:x|x)*y(?!a)', '(?>x*)(x*x*)*y(?=a)', '(?=(x+)+y)x', '(x*)*y(?=a)']) {
      assert.deepEqual(backtracked(pattern, 'x'.repeat(200)), [], pattern);
    }
    assert.deepEqual(backtracked('(?s)x.*y(?=a)', 'x\n'.repeat(3000)), []);
    assert.deepEqual(backtracked('\\w+\\s*(?=!)', 'word '.repeat(3000)), []);
  });

  it('are matched in linear time only where Java gives the same', () => {
    const isLinear = (pattern: string): boolean => toLinear(parsePattern(pattern), true) !== null;
    for (const pattern of ['a', '(\\d{1,3}\\.)+x', 'a.*?b$', '\\bé|x\\B', '[^a-c&&\\w]', '(?i)k', '(?:a*)*'])
      assert.ok(isLinear(pattern), pattern);
    for (const pattern of ['(?=a)', 'a++', '\\R', '(?m)^a', '(a*)*', '((a)|b)+', 'a{1001}', '\\X', '(a)\\1', '\\Ga'])
      assert.ok(!isLinear(pattern), pattern);
  });

  it('have the same matches on both engines', () => {
    let compared = 0;
    for (const pattern of randomPatterns(7, 1500)) {
      let parsed: ReturnType<typeof parsePattern>;
      try {
        parsed = parsePattern(pattern);
      } catch {
        continue;
      }
      if (toLinear(parsed, true) === null) continue;
      const regex = new Regex(pattern, exceeded);
      for (const text of ['ab', 'aabab cab', 'ba\nab', 'b1.a', 'éAa', '']) {
        assert.deepEqual(matches(regex.matcher(text, true), parsed.groups), backtracked(pattern, text), pattern);
        compared++;
      }
    }
    assert.ok(compared > 1000, `${compared} compared`);
  });

  it('take texts with line breaks, letters beyond ASCII and emoji as Java does', () => {
    assert.equal(call('REGEXP_INSTR', ['ab\n', 'b$']), 2);
    assert.equal(call('REGEXP_COUNT', ['é a', '\\b\\w']), 1);
    assert.equal(call('REGEXP_COUNT', ['é a', '\\b.']), 3);
    assert.equal(call('REGEXP_COUNT', ['😀', 'x*']), 3);
    assert.equal(call('REGEXP_COUNT', ['a\u0085b', '.']), 2);
  });
});
