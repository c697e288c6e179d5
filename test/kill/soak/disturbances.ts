import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { breakPattern, changePattern, type PatternPlace, removePattern } from './pattern-changes.ts';
import { goBack } from './returns.ts';
import type { SoakService } from './soak-service.ts';
import { askQuestions, type KnownTables, runShortJob, sendWrongTokens } from './statements.ts';

/** What every disturbance needs. */
export interface Soak {
  readonly service: SoakService;
  readonly random: SeededRandom;
  readonly patterns: PatternPlace;
  /** The folder of the sinks. */
  readonly output: string;
  readonly tables: KnownTables;
  report(problem: string): void;
}

type Disturbance = (soak: Soak) => Promise<void>;

const ALL: readonly (readonly [name: string, weight: number, run: Disturbance])[] = [
  ['changed pattern', 3, changePattern],
  ['broken pattern', 2, breakPattern],
  ['removed pattern', 1, removePattern],
  ['return to a savepoint', 3, goBack],
  ['short job', 3, runShortJob],
  ['questions', 4, askQuestions],
  ['wrong tokens', 2, sendWrongTokens],
];

/**
 * Disturbs the service by one thing after the other. Kills come at any time. Each disturbance
 * therefore waits for the next start of the service and then completes its work.
 */
export class Disturbances {
  readonly counts = new Map<string, number>(ALL.map(([name]) => [name, 0]));
  readonly #soak: Soak;
  #ended = false;

  constructor(soak: Soak) {
    this.#soak = soak;
  }

  /** Resolves after `end` was called, when the last disturbance is complete. */
  async run(): Promise<void> {
    const weighted = ALL.flatMap((each) => Array.from({ length: each[1] }, () => each));
    while (!this.#ended) {
      await sleep(this.#soak.random.between(500, 4_000));
      if (this.#ended) return;
      const [name, , run] = this.#soak.random.oneOf(weighted);
      try {
        await run(this.#soak);
      } catch (error) {
        this.#soak.report(`${name}: ${(error as Error).message}`);
      }
      this.counts.set(name, this.counts.get(name)! + 1);
    }
  }

  end(): void {
    this.#ended = true;
  }
}
