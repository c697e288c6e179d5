/**
 * Random patterns of the grammar of Java's regular expressions, with few characters, so that many
 * of them match. The same seed gives the same patterns.
 */
export function randomPatterns(seed: number, count: number): readonly string[] {
  const source = new RandomPattern(seed);
  const patterns = new Set<string>();
  while (patterns.size < count) patterns.add(source.next());
  return [...patterns];
}

const LITERALS = ['a', 'b', 'a', 'b', 'ab', 'c', '1', '\\n', '\\.', 'A', 'é', '\\x61', '\\u0062', '\\Qa.\\E', '😀'];
const CLASSES = [
  '\\w',
  '.',
  '\\S',
  '[ab]',
  '[^a]',
  '\\s',
  '\\d',
  '\\p{L}',
  '\\W',
  '[a-c&&[^b]]',
  '[a[b]]',
  '\\p{Punct}',
  '\\h',
];
const PLACES = ['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G', '$'];
const FLAGS = ['i', 's', 'm', 'iu', 'U', 'd', 'x', 'i-s'];

class RandomPattern {
  #state: number;
  #groups = 0;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): string {
    this.#groups = 0;
    return this.#alternatives(3);
  }

  /** A number from 0 to 1. */
  #random(): number {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) & 0x7fffffff;
    let mixed = this.#state ^ (this.#state >>> 15);
    mixed = Math.imul(mixed, 0x2c1b3c6d);
    return ((mixed ^ (mixed >>> 12)) >>> 0) / 4294967296;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)]!;
  }

  #alternatives(depth: number): string {
    let pattern = this.#sequence(depth);
    while (this.#random() < 0.25) pattern += `|${this.#random() < 0.1 ? '' : this.#sequence(depth)}`;
    return pattern;
  }

  #sequence(depth: number): string {
    let sequence = '';
    for (let left = Math.floor(this.#random() * 3); left >= 0; left--) {
      sequence += this.#item(depth);
      if (this.#random() < 0.4) {
        sequence += this.#pick(['*', '+', '?', '{2}', '{1,2}', '{2,}', '{0,3}', '*', '+', '?']);
        sequence += this.#pick(['', '', '', '?', '+']);
      }
    }
    return sequence;
  }

  #item(depth: number): string {
    const kind = this.#random();
    if (depth <= 0 || kind < 0.4) return this.#pick(LITERALS);
    if (kind < 0.52) return this.#pick(CLASSES);
    if (kind < 0.58) return this.#pick(PLACES);
    if (kind < 0.6) return this.#pick(['\\R', '\\X']);
    if (kind < 0.78) {
      this.#groups++;
      return `(${this.#alternatives(depth - 1)})`;
    }
    if (kind < 0.85) return `(?${this.#pick(['', ...FLAGS])}:${this.#alternatives(depth - 1)})`;
    if (kind < 0.92) return `(?${this.#pick(['=', '!', '<=', '<!', '>'])}${this.#alternatives(depth - 1)})`;
    if (kind < 0.97) return `\\${1 + Math.floor(this.#random() * (this.#groups + 1))}`;
    return `(?${this.#pick(FLAGS)})`;
  }
}
