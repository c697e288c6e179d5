import fs from 'node:fs';
import { Interrupted, type SoakService } from './soak-service.ts';

const PROBE_EVERY_MS = 1_000;
/** The bar for an answer of /health. */
export const HEALTH_MAX_MS = 100;
/** A service that has just started opens all its jobs. The bar is for the time after that. */
const START_MS = 5_000;

/** Asks /health once a second. */
export class HealthProbe {
  /** Milliseconds of the slowest answer, and of the slowest within the first seconds of a life. */
  maxMs = 0;
  startMaxMs = 0;
  /** As `maxMs`, with the time for which the service and this process waited for a processor. */
  wholeMaxMs = 0;
  /** Answers, and those of them above the bar. */
  answers = 0;
  slow = 0;
  readonly #service: SoakService;
  readonly #report: (problem: string) => void;
  #recentMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #asking = false;
  #life = 0;
  #lifeBegan = 0;

  constructor(service: SoakService, report: (problem: string) => void) {
    this.#service = service;
    this.#report = report;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#probe(), PROBE_EVERY_MS);
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Returns the slowest answer since the last call, or null. */
  recentMs(): number | null {
    const recent = this.#recentMs;
    this.#recentMs = null;
    return recent;
  }

  async #probe(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#service.url;
      const since = performance.now();
      if (this.#life !== this.#service.life) this.#lifeBegan = since;
      this.#life = this.#service.life;
      const { pid } = this.#service;
      const waited = waitedMs(pid) + waitedMs(process.pid);
      const { status } = await this.#service.request('GET', '/health');
      const wholeMs = performance.now() - since;
      // On a busy machine, both processes wait for a processor. That is not the service's time.
      const ms = Math.max(0, wholeMs - (waitedMs(pid) + waitedMs(process.pid) - waited));
      this.wholeMaxMs = Math.max(this.wholeMaxMs, wholeMs);
      if (status !== 200) this.#report(`/health answered ${status}`);
      this.answers++;
      if (since - this.#lifeBegan < START_MS) this.startMaxMs = Math.max(this.startMaxMs, ms);
      else {
        this.maxMs = Math.max(this.maxMs, ms);
        if (wholeMs > HEALTH_MAX_MS) this.#slow(ms, wholeMs, since);
      }
      this.#recentMs = Math.max(this.#recentMs ?? 0, ms);
    } catch (error) {
      if (!(error instanceof Interrupted)) this.#report(`/health: ${(error as Error).message}`);
    } finally {
      this.#asking = false;
    }
  }

  #slow(ms: number, wholeMs: number, since: number): void {
    if (ms > HEALTH_MAX_MS) this.slow++;
    const age = ((since - this.#lifeBegan) / 1000).toFixed(0);
    const without = `${ms.toFixed(0)} ms without the waiting for a processor`;
    console.log(`/health answered after ${wholeMs.toFixed(0)} ms, ${without}, ${age} s after a start`);
  }
}

/** Returns the milliseconds for which the main thread of a process has waited for a processor. */
function waitedMs(pid: number): number {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
