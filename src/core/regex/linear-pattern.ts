import { ALL_CODE_POINTS, type CodePointSet } from './code-point-set.ts';
import { canBeEmpty } from './pattern-lengths.ts';
import type { Assertion, ParsedPattern, PatternNode, Repeat } from './pattern-tree.ts';

/** A pattern in the syntax of the linear engine. */
export interface LinearPattern {
  readonly source: string;
  /** Finds characters for which the linear engine differs; null if there are none. */
  readonly except: RegExp | null;
}

/** The linear engine repeats no part more often. */
const COUNT_MAX = 1000;
/** Longer sources need more memory than they save time. */
const SOURCE_MAX = 50_000;

/** Characters for which an assertion of Java differs from that of the linear engine. */
const NOT_ASCII = '\\u0080-\\uffff';
const LINE_BREAKS = '\\n\\r\\u0085\\u2028\\u2029';
const SURROGATES = '\\ud800-\\udfff';

const ASSERTIONS: ReadonlyMap<Assertion, readonly [string, string]> = new Map<Assertion, readonly [string, string]>([
  ['begin', ['\\A', '']],
  ['end', ['\\z', '']],
  ['line-end', ['\\z', LINE_BREAKS]],
  ['last-line-end', ['\\z', LINE_BREAKS]],
  ['unix-line-end', ['\\z', LINE_BREAKS]],
  ['unix-last-line-end', ['\\z', LINE_BREAKS]],
  ['word-boundary', ['\\b', NOT_ASCII]],
  ['no-word-boundary', ['\\B', NOT_ASCII]],
  ['unicode-word-boundary', ['\\b', NOT_ASCII]],
  ['no-unicode-word-boundary', ['\\B', NOT_ASCII]],
]);

class NotLinear extends Error {}

/**
 * Translates a pattern to the syntax of the linear engine, construct by construct. Returns null if
 * a construct has no equivalent with the same matches there. With `groups` the groups must be the
 * same too; without it the translation has no groups.
 */
export function toLinear({ root }: ParsedPattern, groups: boolean): LinearPattern | null {
  const except = new Set<string>();
  // Java tries an empty match inside of a surrogate pair too.
  if (canBeEmpty(root)) except.add(SURROGATES);
  try {
    const source = new LinearTranslation(groups, except).source(root);
    if (source.length > SOURCE_MAX) return null;
    return { source, except: except.size === 0 ? null : new RegExp(`[${[...except].join('')}]`) };
  } catch (error) {
    if (error instanceof NotLinear) return null;
    throw error;
  }
}

class LinearTranslation {
  readonly #groups: boolean;
  readonly #except: Set<string>;

  constructor(groups: boolean, except: Set<string>) {
    this.#groups = groups;
    this.#except = except;
  }

  source(node: PatternNode): string {
    switch (node.kind) {
      case 'character':
        return classSource(node.set);
      case 'sequence':
        return node.nodes.map((part) => this.#inSequence(part)).join('');
      case 'alternatives':
        return node.branches.map((branch) => this.source(branch)).join('|');
      case 'group':
        return `${node.capture > 0 && this.#groups ? '(' : '(?:'}${this.source(node.body)})`;
      case 'repeat':
        return this.#repeat(node);
      case 'assertion': {
        const known = ASSERTIONS.get(node.assertion);
        if (known === undefined) throw new NotLinear();
        const [source, differsFor] = known;
        if (differsFor !== '') this.#except.add(differsFor);
        return source;
      }
      default:
        throw new NotLinear();
    }
  }

  #inSequence(part: PatternNode): string {
    return part.kind === 'alternatives' ? `(?:${this.source(part)})` : this.source(part);
  }

  #repeat({ body, min, max, mode }: Repeat): string {
    const bounded = max === Infinity ? min : max;
    if (mode === 'possessive' || bounded > COUNT_MAX) throw new NotLinear();
    if (this.#groups && max > 1 && hasOtherGroups(body)) throw new NotLinear();
    const once = this.source(body);
    const item = body.kind === 'character' || body.kind === 'group' ? once : `(?:${once})`;
    return item + quantifier(min, max) + (mode === 'reluctant' ? '?' : '');
  }
}

/**
 * Returns whether the groups of a repeated part may differ: Java does not always restore the groups
 * inside of a repeated one, and the engines treat a repetition of nothing in different ways.
 */
function hasOtherGroups(body: PatternNode): boolean {
  return captures(body) && (canBeEmpty(body) || captures(body.kind === 'group' ? body.body : body));
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function captures(node: PatternNode): boolean {
  switch (node.kind) {
    case 'group':
      return node.capture > 0 || captures(node.body);
    case 'sequence':
      return node.nodes.some(captures);
    case 'alternatives':
      return node.branches.some(captures);
    case 'repeat':
      return captures(node.body);
    default:
      return false;
  }
}

const hex = (c: number): string => `\\x{${c.toString(16)}}`;

function literal(c: number): string {
  const char = String.fromCodePoint(c);
  return /^[A-Za-z0-9 _"':;,<>=@!#%&~`/]$/.test(char) ? char : hex(c);
}

function classSource(set: CodePointSet): string {
  if (set === ALL_CODE_POINTS) return '(?s:.)';
  if (set.only >= 0) return literal(set.only);
  // The engine has no empty class.
  if (set.ranges.length === 0) throw new NotLinear();
  let source = '';
  for (let i = 0; i < set.ranges.length; i += 2) {
    const first = set.ranges[i]!;
    const last = set.ranges[i + 1]!;
    source += first === last ? hex(first) : `${hex(first)}-${hex(last)}`;
  }
  return `[${source}]`;
}
