import fs from 'node:fs';
import path from 'node:path';
import { scan } from '../../grammar/scanner.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Words that are rare in the goldens, and literals at the edges of their types. */
const EXTREMES = [
  '(',
  ')',
  ',',
  ';',
  "''",
  "'x'",
  '``',
  '*',
  'NULL',
  '-1',
  '0',
  '1e400',
  '99999999999999999999999999999999999999999',
  '{1000000}',
  '{0,}',
  'INTERVAL',
  "INTERVAL '999999999' DAY",
  "INTERVAL '-1' MONTH",
  'CAST(NULL AS',
  'DECIMAL(38, 38)',
  'ARRAY[',
  ']',
  'ROW(',
  'MAP[',
  'WITHIN',
  'FOLLOWED BY',
  'NOT',
  'UNION ALL SELECT',
  'OVER (',
  "REPEAT('x', 2000000000)",
  'U&"\\00e9"',
  '/*',
  '--',
  '😀',
];

/** Recorded texts as tokens. */
export class Corpus {
  readonly #texts: readonly (readonly string[])[];
  readonly #words: readonly string[];

  constructor(root: string) {
    const files = fs
      .readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'query.sql')
      .sort();
    this.#texts = files.map((file) =>
      scan(fs.readFileSync(path.join(root, file), 'utf8')).tokens.map((token) => token.image),
    );
    this.#words = [...new Set(this.#texts.flat()), ...EXTREMES];
  }

  /** A text of the corpus with some tokens removed, doubled, swapped, inserted or replaced. */
  mutated(random: SeededRandom): string {
    const tokens = [...random.oneOf(this.#texts)];
    const most = random.chance(0.5) ? 1 : 6;
    for (let edits = random.between(1, most); edits > 0; edits--) this.#edit(tokens, random);
    return tokens.join(random.chance(0.9) ? ' ' : '');
  }

  #edit(tokens: string[], random: SeededRandom): void {
    const at = random.below(tokens.length + 1);
    const length = random.between(1, 8);
    switch (random.below(6)) {
      case 0:
        tokens.splice(at, length);
        break;
      case 1:
        tokens.splice(at, 0, ...tokens.slice(at, at + length));
        break;
      case 2:
        tokens.splice(at, 1, random.oneOf(this.#words));
        break;
      case 3:
        tokens.splice(at, 0, random.oneOf(EXTREMES));
        break;
      case 4: {
        const other = random.oneOf(this.#texts);
        const from = random.below(other.length);
        tokens.splice(at, random.below(length), ...other.slice(from, from + length * 3));
        break;
      }
      default: {
        // Deep nesting, or very many equal parts.
        const [open, close] = random.oneOf([
          ['(', ')'],
          ['CASE WHEN TRUE THEN', 'END'],
          ['ABS(', ')'],
          ['NOT', ''],
          ['-', ''],
        ] as const);
        const times = random.oneOf([3, 40, 1000]);
        tokens.splice(at, 0, Array(times).fill(open).join(' '));
        tokens.splice(Math.min(tokens.length, at + 1 + length), 0, Array(times).fill(close).join(' '));
      }
    }
  }
}
