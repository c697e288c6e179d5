import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import { END, Feed } from '../soak/feed.ts';
import { PatternPlace } from '../soak/pattern-changes.ts';
import { expectStatus } from '../soak/persistent-request.ts';
import { httpText, SOAK_SINKS, undisturbedText } from '../soak/soak-jobs.ts';
import { SoakService } from '../soak/soak-service.ts';
import { writeShortInput } from '../soak/statements.ts';
import { visibleLines } from '../workload.ts';
import { type Stage, stepUntilTheEnd } from './acknowledged-steps.ts';
import { Ledger } from './ledger.ts';
import type { PoweredDisk } from './powered-disk.ts';
import { KILL_ONLY } from './run-round.ts';

const LIVES_MAX = 3;
/** About as many recorded calls as the service makes in `LIFE_MS`, counted from its start. */
const CALLS_MAX = 2_000;
const LIFE_MS = 6_000;
const ROWS_PER_SECOND = 600;
const COMPLETE_MS = 60_000;

/** The service under losses of power, with clients that note what it acknowledged. */
export class ServeRound {
  readonly #cli: string;
  readonly #disk: PoweredDisk;
  readonly #random: SeededRandom;
  readonly #directory: string;
  readonly #feed: Feed;
  readonly #service: SoakService;
  readonly #stage: Stage;

  /** `directory`: for everything that is not on the disk whose power goes. */
  constructor(cli: string, disk: PoweredDisk, directory: string, random: SeededRandom) {
    this.#cli = cli;
    this.#disk = disk;
    this.#random = random;
    this.#directory = directory;
    const data = path.join(directory, 'data');
    fs.mkdirSync(data, { recursive: true });
    writeShortInput(path.join(data, 'short.jsonl'));
    this.#feed = new Feed(path.join(data, 'payments.jsonl'), random);
    // SQL over HTTP may write here, and patterns everywhere.
    const output = path.join(disk.directory, 'service/files');
    const patterns = new PatternPlace(path.join(directory, 'patterns'), this.#feed.file, output);
    this.#service = new SoakService({
      cli,
      directory,
      flags: [
        ...['--data-dir', path.join(disk.directory, 'service'), '--patterns', 'patterns'],
        ...['--checkpoint-interval', '200ms', '--set', 'state.memory=96mb'],
      ],
      onDeath: () => {},
    });
    this.#stage = { service: this.#service, ledger: new Ledger(), random, patterns, output, names: 0 };
  }

  /** Returns what is wrong. */
  async run(): Promise<readonly string[]> {
    this.#feed.start(ROWS_PER_SECOND);
    try {
      const lives = this.#random.between(1, LIVES_MAX);
      for (let life = 1; life <= lives; life++) {
        const kill = life < lives && this.#random.chance(KILL_ONLY);
        const wrong = await this.#live(this.#random.between(1, CALLS_MAX), kill);
        if (wrong.length > 0) return wrong.map((each) => `start ${life}: ${each}`);
      }
      return await this.#lastLife();
    } finally {
      this.#feed.end();
      this.#service.kill();
    }
  }

  /**
   * One life that ends at a recorded call or after some seconds, with a loss of power or by a kill
   * only.
   */
  async #live(killAt: number, killOnly: boolean): Promise<readonly string[]> {
    let timer: NodeJS.Timeout | null = null;
    const wrong: string[] = [];
    try {
      await this.#service.start(this.#disk.environment(killAt));
      timer = setTimeout(() => this.#service.kill(), LIFE_MS);
      wrong.push(...(await this.#begin()));
      if (wrong.length === 0) await stepUntilTheEnd(this.#stage);
    } catch (error) {
      // A request that fails because the service has ended is what this test is for.
      const how = await Promise.race([this.#service.ended(), sleep(1_000)]);
      if (how !== 'SIGKILL') wrong.push(`${(error as Error).message}; ${this.#lastLog()}`);
    }
    if (timer !== null) clearTimeout(timer);
    this.#service.kill();
    await this.#service.ended();
    if (wrong.length > 0) return wrong;
    if (killOnly) this.#disk.keepPower();
    else this.#disk.losePower(this.#random);
    return wrong;
  }

  /** Compares the service with the ledger, and submits the lasting jobs if that is necessary. */
  async #begin(): Promise<readonly string[]> {
    const { ledger, output } = this.#stage;
    const missing = await ledger.missing(this.#service);
    const first = 'statement.copy';
    if (missing.length > 0 || (ledger.jobs.has(first) && ledger.jobs.get(first) !== 'unsure')) return missing;
    const { status } = await this.#service.request('GET', `/v1/jobs/${first}`);
    if (status === 404) {
      const reply = await this.#service.request('POST', '/v1/statements', { sql: httpText(this.#feed.file, output) });
      expectStatus('the lasting jobs', reply, 200);
    }
    for (const job of ['statement.visits', first]) if (!ledger.jobs.has(job)) ledger.jobs.set(job, 'runs');
    for (const table of ['payments', 'visits', 'copy']) ledger.tables.set(table, true);
    return [];
  }

  /** Completes the input. All output must be there once. */
  async #lastLife(): Promise<readonly string[]> {
    const service = this.#service;
    await service.start().catch((error: Error) => {
      throw new Error(`the last start: ${error.message}; ${this.#lastLog()}`);
    });
    const missing = await this.#begin();
    if (missing.length > 0) return missing.map((each) => `the last start: ${each}`);
    for (const job of ['statement.visits', 'statement.copy'])
      expectStatus(`start of ${job}`, await service.request('POST', `/v1/jobs/${job}/start`), 200);
    this.#feed.end();
    const wanted = this.#undisturbed();
    const actual = (sink: string): readonly string[] => counted(path.join(this.#stage.output, sink));
    const deadline = performance.now() + COMPLETE_MS;
    while ([...wanted].some(([sink, lines]) => actual(sink).length < lines.length) && performance.now() < deadline)
      await sleep(200);
    const unsure = (await this.#stage.ledger.missing(service)).map((each) => `at the end: ${each}`);
    const code = await service.stop();
    if (code !== 0) return [`the service ended with ${code} after SIGTERM; ${this.#lastLog()}`];
    return [...unsure, ...[...wanted].flatMap(([sink, lines]) => difference(sink, lines, actual(sink)))];
  }

  /** Returns the lines of each sink without any loss of power. */
  #undisturbed(): ReadonlyMap<string, readonly string[]> {
    const output = path.join(this.#directory, 'undisturbed');
    const file = path.join(this.#directory, 'undisturbed.sql');
    fs.writeFileSync(file, undisturbedText(this.#feed.file, output));
    const run = spawnSync(process.execPath, [this.#cli, 'run', file], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`the undisturbed run failed: ${run.stderr}`);
    const short = fs.readFileSync(path.join(this.#directory, 'data/short.jsonl'), 'utf8').split('\n').slice(0, -1);
    const wanted = new Map(SOAK_SINKS.map((sink) => [sink, counted(path.join(output, sink))]));
    for (const [job, known] of this.#stage.ledger.jobs)
      if (known === 'runs' && job.startsWith('statement.short_')) wanted.set(job.slice('statement.'.length), short);
    return wanted;
  }

  #lastLog(): string {
    return fs.readFileSync(path.join(this.#directory, 'log'), 'utf8').slice(-600);
  }
}

/** The row that moves the watermark to the end does not count. */
const counted = (directory: string): readonly string[] => visibleLines(directory).filter((line) => !line.includes(END));

function difference(sink: string, wanted: readonly string[], actual: readonly string[]): string[] {
  const at = wanted.findIndex((line, i) => line !== actual[i]);
  if (at < 0 && wanted.length === actual.length) return [];
  return [
    `${sink}: ${actual.length} rows instead of ${wanted.length}; row ${at}: ${actual[at]} instead of ${wanted[at]}`,
  ];
}
