import { allThatFoldTo, fold } from './case-folding.ts';
import { ALL_CODE_POINTS, CodePointSet } from './code-point-set.ts';
import { parseClass, singleCharacter } from './parse-class.ts';
import { type Flags, PatternCursor } from './pattern-cursor.ts';
import {
  type CharacterClass,
  CONTROLS,
  code,
  isDigit,
  predefinedClass,
  readCharacterEscape,
  readFamily,
  readGroupName,
} from './pattern-escapes.ts';
import { lengthsOf } from './pattern-lengths.ts';
import type { Assertion, Look, ParsedPattern, PatternNode, RepeatMode } from './pattern-tree.ts';

/** Groups in groups may be this deep. */
const NESTED_MAX = 250;
const COUNT_MAX = 0x7fffffff;

const LINE_BREAKS: CodePointSet = CodePointSet.of([10, 10], [13, 13], [0x85, 0x85], [0x2028, 0x2029]);
const NO_LINE_BREAK: CodePointSet = LINE_BREAKS.negate();
const NO_UNIX_LINE_BREAK: CodePointSet = CodePointSet.of([10, 10]).negate();

const FLAGS: ReadonlyMap<string, readonly (keyof Flags)[]> = new Map<string, readonly (keyof Flags)[]>([
  ['i', ['ignoreCase']],
  ['m', ['multiline']],
  ['s', ['dotAll']],
  ['d', ['unixLines']],
  ['u', ['unicodeCase']],
  ['x', ['comments']],
  ['U', ['unicodeClasses', 'unicodeCase']],
]);

const isSupplementary = (c: number): boolean => c > 0xffff || (c >= 0xd800 && c <= 0xdfff);

/**
 * Parses a regular expression with the syntax of `java.util.regex.Pattern` of Java 17. Throws
 * InvalidPattern for what Java refuses, and UnsupportedPattern for what only Java has.
 */
export function parsePattern(pattern: string): ParsedPattern {
  return new PatternParser(pattern).parse();
}

class PatternParser {
  readonly #cursor: PatternCursor;
  readonly #named = new Map<string, number>();
  #groups = 0;
  #depth = 0;
  #wholeCodePoints: boolean;

  constructor(pattern: string) {
    this.#cursor = new PatternCursor(pattern);
    this.#wholeCodePoints = this.#cursor.codes.some(isSupplementary);
  }

  parse(): ParsedPattern {
    const root = this.#alternatives();
    const { position, length } = this.#cursor;
    if (position < length) {
      this.#cursor.position++;
      throw this.#cursor.invalid('a closing parenthesis has no opening one');
    }
    if (position > length) throw this.#cursor.invalid('an escape has no character');
    return { root, groups: this.#groups, wholeCodePoints: this.#wholeCodePoints };
  }

  #alternatives(): PatternNode {
    const branches = [this.#sequence()];
    while (this.#cursor.peek() === code('|')) {
      this.#cursor.next();
      branches.push(this.#sequence());
    }
    return branches.length === 1 ? branches[0]! : { kind: 'alternatives', branches };
  }

  #sequence(): PatternNode {
    const cursor = this.#cursor;
    const nodes: PatternNode[] = [];
    for (;;) {
      const c = cursor.peek();
      if (c === code('|') || c === code(')') || (c === 0 && cursor.atEnd)) break;
      if (c === code('(')) {
        const group = this.#group();
        if (group !== null) nodes.push(this.#repeated(group));
        continue;
      }
      const node = this.#item(c);
      nodes.push(this.#repeated(node));
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
  }

  #item(c: number): PatternNode {
    const cursor = this.#cursor;
    const { flags } = cursor;
    switch (String.fromCodePoint(c)) {
      case '[':
        return this.#class(parseClass(cursor));
      case '^':
        cursor.next();
        if (!flags.multiline) return { kind: 'assertion', assertion: 'begin' };
        return { kind: 'assertion', assertion: flags.unixLines ? 'unix-line-begin' : 'line-begin' };
      case '$':
        cursor.next();
        return { kind: 'assertion', assertion: lineEnd(flags, flags.multiline) };
      case '.':
        cursor.next();
        if (flags.dotAll) return { kind: 'character', set: ALL_CODE_POINTS };
        return { kind: 'character', set: flags.unixLines ? NO_UNIX_LINE_BREAK : NO_LINE_BREAK };
      case '*':
      case '+':
      case '?':
        cursor.next();
        throw cursor.invalid(`nothing precedes the quantifier ${String.fromCodePoint(c)}`);
      default:
        return this.#literal();
    }
  }

  #class({ set, bmp }: CharacterClass): PatternNode {
    if (!bmp) this.#wholeCodePoints = true;
    return { kind: 'character', set };
  }

  /** Parses literal characters up to something else, or an escape that is no character. */
  #literal(): PatternNode {
    const cursor = this.#cursor;
    const { flags } = cursor;
    const characters: number[] = [];
    let before = -1;
    for (let c = cursor.peek(); ; ) {
      const char = String.fromCodePoint(c);
      if ('*+?{'.includes(char)) {
        // A quantifier belongs to the last character only.
        if (characters.length > 1) {
          cursor.position = before;
          characters.pop();
        }
        break;
      }
      if ('$.^([|)'.includes(char) || (c === 0 && cursor.atEnd)) break;
      if (char === '\\') {
        const start = cursor.position;
        const letter = cursor.nextEscaped();
        if (letter === code('p') || letter === code('P')) {
          if (characters.length > 0) {
            cursor.position = start;
            break;
          }
          const family = readFamily(cursor);
          if (family.negated) this.#wholeCodePoints = true;
          return this.#class(family);
        }
        const escaped = this.#escape(characters.length === 0);
        if (typeof escaped !== 'number') {
          if (characters.length === 0) return escaped!;
          cursor.position = start;
          break;
        }
        before = start;
        characters.push(escaped);
        c = cursor.peek();
      } else {
        before = cursor.position;
        characters.push(c);
        c = cursor.next();
      }
    }
    if (characters.length === 1) return this.#class(singleCharacter(characters[0]!, flags));
    return { kind: 'sequence', nodes: characters.map((c) => ({ kind: 'character', set: runCharacter(c, flags) })) };
  }

  /**
   * Parses an escape outside of classes; the cursor is at the letter. Without `create` an escape
   * that is no character is null: it is parsed again.
   */
  #escape(create: boolean): number | PatternNode | null {
    const cursor = this.#cursor;
    const { flags } = cursor;
    const start = cursor.position - 1;
    const c = cursor.codes[cursor.position++] ?? 0;
    const letter = String.fromCodePoint(c);
    const character = CONTROLS.get(letter) ?? readCharacterEscape(letter, cursor, start);
    if (character !== undefined) return character;
    switch (letter) {
      case 'k':
        return this.#namedReference();
      case 'R':
        return { kind: 'line-break' };
      case 'X':
        return { kind: 'grapheme' };
      case 'b':
        if (create && this.#atGraphemeBoundary()) throw cursor.unsupported('the grapheme boundary \\b{g}', start);
        return { kind: 'assertion', assertion: flags.unicodeClasses ? 'unicode-word-boundary' : 'word-boundary' };
      case 'B':
        return { kind: 'assertion', assertion: flags.unicodeClasses ? 'no-unicode-word-boundary' : 'no-word-boundary' };
      case 'A':
        return { kind: 'assertion', assertion: 'begin' };
      case 'G':
        return { kind: 'assertion', assertion: 'last-match-end' };
      case 'Z':
        return { kind: 'assertion', assertion: lineEnd(flags, false) };
      case 'z':
        return { kind: 'assertion', assertion: 'end' };
      default: {
        if (/[1-9]/.test(letter)) return create ? this.#reference(c - 0x30) : null;
        const known = predefinedClass(letter, flags.unicodeClasses);
        if (known !== null) return create ? this.#class(known) : null;
        if (/[A-Za-z]/.test(letter)) throw cursor.invalid(`there is no escape \\${letter}`);
        return c;
      }
    }
  }

  /** Returns whether `{g}` follows. Another brace after `\b` is a quantifier. */
  #atGraphemeBoundary(): boolean {
    const cursor = this.#cursor;
    if (cursor.peek() !== code('{') || cursor.codes[cursor.position + 1] !== code('g')) return false;
    cursor.position += 2;
    if (cursor.read() === code('}')) return true;
    throw cursor.invalid('a grapheme boundary has no closing brace');
  }

  #referenceTo(group: number): PatternNode {
    const { ignoreCase, unicodeCase } = this.#cursor.flags;
    return { kind: 'reference', group, ignoreCase: !ignoreCase ? 'no' : unicodeCase ? 'unicode' : 'ascii' };
  }

  /** Reads more digits as long as there are that many groups. */
  #reference(first: number): PatternNode {
    let group = first;
    for (let c = this.#cursor.peek(); isDigit(c); c = this.#cursor.peek()) {
      const longer = group * 10 + c - 0x30;
      if (longer > this.#groups) break;
      group = longer;
      this.#cursor.read();
    }
    return this.#referenceTo(group);
  }

  #namedReference(): PatternNode {
    const cursor = this.#cursor;
    if (cursor.read() !== code('<')) throw cursor.invalid('the escape \\k needs the name of a group: \\k<name>');
    const name = readGroupName(cursor);
    const group = this.#named.get(name);
    if (group === undefined) throw cursor.invalid(`there is no group named ${name}`);
    return this.#referenceTo(group);
  }

  /** Parses a group; null for flags without one, which hold up to the end of the group around. */
  #group(): PatternNode | null {
    const cursor = this.#cursor;
    const before = { ...cursor.flags };
    if (++this.#depth > NESTED_MAX)
      throw cursor.unsupported(`a group inside more than ${NESTED_MAX} groups`, cursor.position);
    const node = this.#groupContent();
    this.#depth--;
    if (node === null) return null;
    if (cursor.read() !== code(')')) throw cursor.invalid('a group is not closed');
    cursor.flags = before;
    return node;
  }

  #groupContent(): PatternNode | null {
    const cursor = this.#cursor;
    if (cursor.next() !== code('?')) return this.#capturing();
    const c = cursor.skip();
    switch (String.fromCodePoint(c)) {
      case ':':
        return this.#plainGroup();
      case '=':
      case '!':
        return {
          kind: 'look',
          behind: false,
          negative: c === code('!'),
          body: this.#plainGroup(),
          supplementary: false,
          min: 0,
          max: 0,
        };
      case '>':
        return { kind: 'atomic', body: this.#plainGroup() };
      case '<':
        return this.#lookBehindOrNamed();
      case '$':
      case '@':
        throw cursor.invalid('there is no such kind of group');
      default:
        cursor.position--;
        return this.#flagged();
    }
  }

  #plainGroup(): PatternNode {
    return { kind: 'group', body: this.#alternatives(), capture: 0 };
  }

  #capturing(): PatternNode {
    const capture = ++this.#groups;
    return { kind: 'group', body: this.#alternatives(), capture };
  }

  #lookBehindOrNamed(): PatternNode {
    const cursor = this.#cursor;
    const c = cursor.peek();
    if (c !== code('=') && c !== code('!')) {
      const name = readGroupName(cursor);
      if (this.#named.has(name)) throw cursor.invalid(`two groups have the name ${name}`);
      this.#named.set(name, this.#groups + 1);
      return this.#capturing();
    }
    cursor.read();
    const start = cursor.position;
    const body = this.#plainGroup();
    const { min, max, bounded } = lengthsOf(body);
    if (!bounded) throw cursor.invalid('a look-behind has no limit of its length');
    const supplementary = cursor.codes.slice(start, cursor.length).some(isSupplementary);
    return { kind: 'look', behind: true, negative: c === code('!'), body, supplementary, min, max } satisfies Look;
  }

  /** Parses flags, and the group that they are for if there is one. */
  #flagged(): PatternNode | null {
    const cursor = this.#cursor;
    this.#setFlags(true);
    if (cursor.peek() === code('-')) {
      cursor.next();
      this.#setFlags(false);
    }
    const c = cursor.read();
    if (c === code(')')) return null;
    if (c !== code(':')) throw cursor.invalid('there is no such flag');
    return this.#plainGroup();
  }

  #setFlags(on: boolean): void {
    const cursor = this.#cursor;
    for (let c = cursor.peek(); ; c = cursor.next()) {
      if (c === code('c')) throw cursor.unsupported('canonical equivalence (?c)', cursor.position);
      const names = FLAGS.get(String.fromCodePoint(c));
      if (names === undefined) return;
      cursor.flags = { ...cursor.flags };
      for (const name of names) cursor.flags[name] = on;
    }
  }

  /** Parses the quantifier after a node, if there is one. */
  #repeated(body: PatternNode): PatternNode {
    const cursor = this.#cursor;
    switch (String.fromCodePoint(cursor.peek())) {
      case '?':
        return { kind: 'repeat', body, min: 0, max: 1, mode: this.#mode() };
      case '*':
        return { kind: 'repeat', body, min: 0, max: Infinity, mode: this.#mode() };
      case '+':
        return { kind: 'repeat', body, min: 1, max: Infinity, mode: this.#mode() };
      case '{':
        return { kind: 'repeat', body, ...this.#counts(), mode: this.#mode() };
      default:
        return body;
    }
  }

  /** The cursor is at the last character of the quantifier. */
  #mode(): RepeatMode {
    const c = this.#cursor.next();
    if (c !== code('?') && c !== code('+')) return 'greedy';
    this.#cursor.next();
    return c === code('?') ? 'reluctant' : 'possessive';
  }

  /** Parses the counts in braces and stops at the closing one. */
  #counts(): { readonly min: number; readonly max: number } {
    const cursor = this.#cursor;
    if (!isDigit(cursor.skip())) throw cursor.invalid('a repetition in braces has no number');
    cursor.position--;
    const min = this.#count();
    let max = min;
    if (cursor.peek() === code(',')) {
      cursor.read();
      max = cursor.peek() === code('}') ? Infinity : this.#count();
    }
    if (cursor.read() !== code('}')) throw cursor.invalid('a repetition has no closing brace');
    if (max < min) throw cursor.invalid('a repetition has a maximum below its minimum');
    cursor.position--;
    return { min, max };
  }

  #count(): number {
    let count = 0;
    for (; isDigit(this.#cursor.peek()); count = count * 10 + this.#cursor.read() - 0x30) if (count > COUNT_MAX) break;
    if (count > COUNT_MAX) throw this.#cursor.invalid('the count of a repetition is too large');
    return count;
  }
}

/** Returns the set of a character in a run of two or more, where each has its own fold. */
function runCharacter(c: number, flags: Flags): CodePointSet {
  if (flags.ignoreCase && flags.unicodeCase) return allThatFoldTo(fold(c));
  return singleCharacter(c, flags).set;
}

function lineEnd({ unixLines }: Flags, multiline: boolean): Assertion {
  if (unixLines) return multiline ? 'unix-line-end' : 'unix-last-line-end';
  return multiline ? 'line-end' : 'last-line-end';
}
