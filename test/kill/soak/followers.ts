import http from 'node:http';
import net from 'node:net';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { SOAK_JOBS } from './soak-jobs.ts';
import type { SoakService } from './soak-service.ts';

/** In turn, many followers come and go, and few. */
const STORM_MS = 90_000;
const CALM_MS = 45_000;
const STORM_EVERY_MS = 250;
const CALM_EVERY_MS = 3_000;
const MUTE_MAX = 4;
/** The service disconnects a mute follower after two heartbeats. Some leave before. */
const MUTE_MS = 90_000;

/** Clients that follow jobs: most read, some slowly, some not at all. All leave without a word. */
export class Followers {
  come = 0;
  present = 0;
  rows = 0;
  refused = 0;
  readonly #service: SoakService;
  readonly #random: SeededRandom;
  readonly #report: (problem: string) => void;
  readonly #since = performance.now();
  #mute = 0;
  #timer: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(service: SoakService, random: SeededRandom, report: (problem: string) => void) {
    this.#service = service;
    this.#random = random;
    this.#report = report;
  }

  start(): void {
    this.#comeNext();
  }

  end(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #comeNext(): void {
    if (this.#ended) return;
    const storm = (performance.now() - this.#since) % (STORM_MS + CALM_MS) < STORM_MS;
    const pause = 2 * (storm ? STORM_EVERY_MS : CALM_EVERY_MS) * (this.#random.below(1000) / 1000);
    this.#timer = setTimeout(() => {
      void this.#follow();
      this.#comeNext();
    }, pause);
  }

  async #follow(): Promise<void> {
    const url = await this.#service.url.catch(() => null);
    if (url === null || this.#ended) return;
    this.come++;
    this.present++;
    const job = this.#random.oneOf(SOAK_JOBS);
    if (this.#mute < MUTE_MAX && this.#random.chance(0.1)) this.#followMute(url, job);
    else this.#followReading(url, job);
  }

  #followReading(url: URL, job: string): void {
    const random = this.#random;
    const slow = random.chance(0.1);
    const lifeMs = random.chance(0.02) ? 120_000 : random.between(50, 5_000);
    const headers = { authorization: `Bearer ${this.#service.token}` };
    const request = http.get(new URL(`/v1/jobs/${job}/results`, url), { headers, agent: false }, (response) => {
      const { statusCode } = response;
      if (statusCode === 429) this.refused++;
      // A job is not there while its file is removed or replaced.
      else if (statusCode !== 200 && statusCode !== 404) this.#report(`a follower of ${job} got ${statusCode}`);
      response.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf('event: row'); at >= 0; at = chunk.indexOf('event: row', at + 1)) this.rows++;
        if (!slow || response.isPaused()) return;
        response.pause();
        setTimeout(() => response.resume(), 500).unref();
      });
      response.on('error', () => {});
    });
    const timer = setTimeout(() => request.destroy(), lifeMs);
    timer.unref();
    request.on('error', () => {});
    request.on('close', () => {
      clearTimeout(timer);
      this.present--;
    });
  }

  #followMute(url: URL, job: string): void {
    this.#mute++;
    const socket = net.connect(Number(url.port), url.hostname, () => {
      const token = `Authorization: Bearer ${this.#service.token}`;
      socket.write(`GET /v1/jobs/${job}/results HTTP/1.1\r\nHost: ${url.host}\r\n${token}\r\n\r\n`);
      socket.pause();
    });
    const timer = setTimeout(() => socket.destroy(), this.#random.between(1_000, MUTE_MS));
    timer.unref();
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      this.#mute--;
      this.present--;
    });
  }
}
