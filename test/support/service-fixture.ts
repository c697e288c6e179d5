import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Service } from '../../src/service/service.ts';
import type { ServiceOptions } from '../../src/service/service-options.ts';

/** A service in its own directory, with `patterns/`. `close` stops it and removes the directory. */
export class ServiceFixture {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-service-'));
  readonly log: {
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[] = [];
  service!: Service;
  readonly #options: Partial<ServiceOptions>;

  constructor(options: Partial<ServiceOptions> = {}) {
    this.#options = options;
    fs.mkdirSync(path.join(this.directory, 'patterns'));
    this.open();
  }

  open(): void {
    this.service = Service.open(this.options());
    this.service.start();
  }

  /**
   * Opens the service as `serve` does: with a copy of the journal beside the checkpoints if they
   * are in a store.
   */
  async openWithCopy(): Promise<void> {
    this.service = await Service.openWithCopy(this.options());
    this.service.start();
  }

  options(): ServiceOptions {
    const log = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
      void this.log.push({ level, message, fields });
    return {
      dataDirectory: path.join(this.directory, 'data'),
      patterns: path.join(this.directory, 'patterns'),
      demo: false,
      settings: { 'execution.checkpointing.interval': '100 ms', 'state.backend.type': 'memory' },
      roots: [this.directory],
      batchRows: 64,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      random: () => 0.5,
      print: () => {},
      ...this.#options,
    };
  }

  path(...parts: readonly string[]): string {
    return path.join(this.directory, ...parts);
  }

  write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), text);
  }

  append(name: string, text: string): void {
    fs.appendFileSync(this.path(name), text);
  }

  /** Returns the visible lines of a file sink's directory. */
  lines(name: string): string[] {
    const directory = this.path(name);
    if (!fs.existsSync(directory)) return [];
    const parts = fs.readdirSync(directory).filter((part) => !part.startsWith('.'));
    return parts.flatMap((part) => fs.readFileSync(path.join(directory, part), 'utf8').split('\n').slice(0, -1));
  }

  state(job: string): string | undefined {
    return this.service.job(job)?.state;
  }

  async close(): Promise<void> {
    await this.service.close();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/**
 * Waits until a condition is true. The error says what it waited for. Resolves to the elapsed
 * milliseconds.
 */
export async function until(what: string, holds: () => boolean, withinMs = 30_000): Promise<number> {
  const since = performance.now();
  while (!holds()) {
    if (performance.now() - since > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - since;
}
