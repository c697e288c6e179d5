import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts';
import { parseDuration } from '../core/quantity.ts';

/**
 * Decides when a failed job is restarted. Options have Flink's names. The default of the service is
 * `exponential-delay`, that of `run` is `none`.
 */
export class RestartStrategy {
  readonly #delays: Delays;
  readonly #random: () => number;
  #attempts = 0;
  #failures: number[] = [];
  #backoffMs = 0;
  #lastFailureAt = Number.NEGATIVE_INFINITY;

  constructor(
    settings: Readonly<Record<string, string>>,
    random: () => number,
    type: 'none' | 'exponential-delay' = 'exponential-delay',
  ) {
    this.#delays = readDelays({ 'restart-strategy.type': type, ...settings });
    this.#random = random;
  }

  /**
   * Returns the milliseconds until the restart. Null: the job must not be restarted. `now`:
   * monotonic milliseconds.
   */
  next(code: ErrorCode, now: number): number | null {
    // A malformed row or a failing expression fails again after every restart. A thread may have
    // died by chance.
    if (!ERROR_CODES[code].retryable && code !== 'JOB_FAILED') return null;
    const delays = this.#delays;
    const since = now - this.#lastFailureAt;
    this.#lastFailureAt = now;
    switch (delays.type) {
      case 'none':
        return null;
      case 'fixed-delay':
        return ++this.#attempts > delays.attempts ? null : delays.delayMs;
      case 'failure-rate':
        this.#failures = [...this.#failures.filter((at) => now - at < delays.intervalMs), now];
        return this.#failures.length > delays.maxFailures ? null : delays.delayMs;
      case 'exponential-delay': {
        if (since > delays.resetAfterMs + this.#backoffMs) {
          this.#attempts = 0;
          this.#backoffMs = 0;
        }
        if (++this.#attempts > delays.attempts) return null;
        this.#backoffMs =
          this.#backoffMs === 0 ? delays.initialMs : Math.min(delays.maxMs, this.#backoffMs * delays.multiplier);
        const jitter = this.#backoffMs * delays.jitter * (this.#random() * 2 - 1);
        return Math.max(0, Math.min(delays.maxMs, this.#backoffMs + jitter));
      }
    }
  }
}

type Delays =
  | { readonly type: 'none' }
  | { readonly type: 'fixed-delay'; readonly attempts: number; readonly delayMs: number }
  | {
      readonly type: 'failure-rate';
      readonly maxFailures: number;
      readonly intervalMs: number;
      readonly delayMs: number;
    }
  | {
      readonly type: 'exponential-delay';
      readonly initialMs: number;
      readonly maxMs: number;
      readonly multiplier: number;
      readonly jitter: number;
      readonly resetAfterMs: number;
      readonly attempts: number;
    };

function readDelays(settings: Readonly<Record<string, string>>): Delays {
  const type = settings['restart-strategy.type'];
  const time = (key: string, otherwise: number): number =>
    parseDuration(settings[`restart-strategy.${key}`] ?? '') ?? otherwise;
  const number = (key: string, otherwise: number): number => {
    const text = settings[`restart-strategy.${key}`];
    return text === undefined ? otherwise : Number(text);
  };
  switch (type) {
    case 'none':
      return { type };
    case 'fixed-delay':
      return { type, attempts: number('fixed-delay.attempts', 1), delayMs: time('fixed-delay.delay', 1000) };
    case 'failure-rate':
      return {
        type,
        maxFailures: number('failure-rate.max-failures-per-interval', 1),
        intervalMs: time('failure-rate.failure-rate-interval', 60_000),
        delayMs: time('failure-rate.delay', 1000),
      };
    default: {
      const attempts = number('exponential-delay.attempts-before-reset-backoff', Number.POSITIVE_INFINITY);
      return {
        type: 'exponential-delay',
        initialMs: time('exponential-delay.initial-backoff', 1000),
        maxMs: time('exponential-delay.max-backoff', 60_000),
        multiplier: number('exponential-delay.backoff-multiplier', 1.5),
        jitter: number('exponential-delay.jitter-factor', 0.1),
        resetAfterMs: time('exponential-delay.reset-backoff-threshold', 3_600_000),
        attempts: Number.isNaN(attempts) ? Number.POSITIVE_INFINITY : attempts,
      };
    }
  }
}
