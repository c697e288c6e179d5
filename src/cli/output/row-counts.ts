const EVERY_MS = 1000;

/**
 * Counts the rows that jobs write. Reports the count of each job at most once a second, so that the
 * demo does not flood the log.
 */
export class RowCounts {
  readonly #counts = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(report: (job: string, rows: number) => void) {
    this.#timer = setInterval(() => {
      for (const [job, rows] of this.#counts) report(job, rows);
      this.#counts.clear();
    }, EVERY_MS);
    this.#timer.unref();
  }

  add(job: string, rows: number): void {
    if (rows > 0) this.#counts.set(job, (this.#counts.get(job) ?? 0) + rows);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
