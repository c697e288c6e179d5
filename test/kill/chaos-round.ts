import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import { S3Store } from '../../src/storage/s3/s3-store.ts';
import { type CheckpointFiles, localFiles, storedFiles } from './checkpoint-damage.ts';
import { atWork, endOf, type RunEnd, type RunOptions, startRun } from './engine-run.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { GoingBack } from './going-back.ts';
import { difference, strayOutput } from './verdict.ts';

/** The store of a chaos run's checkpoints if they are not on the disk. */
export interface Bucket {
  /** Of the server itself. */
  readonly endpoint: string;
  readonly name: string;
  /** The requests of all rounds go through it. It passes them on unless a round sets a fault. */
  readonly proxy: FaultProxy;
}

interface Options {
  readonly cli: string;
  readonly sql: string;
  /** The output of an undisturbed run over the same input. */
  readonly undisturbed: string;
  readonly bucket: Bucket | null;
  /** The prefix in the bucket for this round only. */
  readonly prefix: string;
  readonly random: () => number;
}

const SAVEPOINT_EVERY_MS = 300;
/** A short lease, so a round with two processes does not take half a minute. */
const LEASE = { renewEveryMs: 300, expiresMs: 2000 };

/** One job file with its checkpoints and output, and the processes that a round starts on it. */
export class ChaosRound {
  readonly directory: string;
  readonly undisturbed: string;
  readonly random: () => number;
  readonly bucket: Bucket | null;
  readonly back: GoingBack;
  /** The faults so far, for the report of a failure. */
  /** Files of its checkpoints were damaged on purpose. */
  damaged = false;
  readonly steps: string[] = [];
  readonly #options: Options;
  readonly #checkpoints: string;

  constructor(options: Options) {
    const { sql, bucket, prefix, random, undisturbed } = options;
    this.directory = path.dirname(sql);
    this.undisturbed = undisturbed;
    this.random = random;
    this.bucket = bucket;
    this.#options = options;
    this.#checkpoints = bucket === null ? path.join(this.directory, 'checkpoints') : `s3://${bucket.name}/${prefix}`;
    this.back = new GoingBack({
      checkpoints: this.#checkpoints,
      s3Endpoint: bucket?.endpoint ?? null,
      directory: this.directory,
      random,
    });
  }

  /** Starts a process. With probability `goBack` a job goes back to a savepoint. */
  async start(
    goBack = 0,
    more: Partial<RunOptions> & { readonly flags?: readonly string[] } = {},
  ): Promise<ChildProcess> {
    const { cli, sql, bucket } = this.#options;
    const store =
      bucket === null ? [] : ['--set', `s3.endpoint=${bucket.proxy.endpoint}`, '--set', 's3.path-style-access=true'];
    return startRun({
      cli,
      sql,
      checkpoints: { directory: this.#checkpoints, flags: [...store, ...(more.flags ?? [])] },
      hook: { savepointEveryMs: SAVEPOINT_EVERY_MS, restore: await this.back.orders(goBack), lease: LEASE },
      ...more,
    });
  }

  /** Starts a process and kills it after a while if it has not ended before. */
  async startAndKill(more: Partial<RunOptions> = {}): Promise<RunEnd> {
    const child = await this.start(0.1, more);
    const end = endOf(child);
    if (this.random() > 0.1) await atWork(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), this.random() * 900);
    const ended = await end;
    clearTimeout(timer);
    return this.said('killed', ended);
  }

  /** Notes how a process ended. Fails on an error without a code, which no fault may cause. */
  said(what: string, end: RunEnd): RunEnd {
    this.steps.push(`${what}: ${end.signal ?? `exit ${end.code}`}`);
    if (!this.damaged && /checkpoint \d+, read back: /.test(end.errors)) this.fail(`a false alarm: ${end.errors}`);
    if (/internal error| {4}at .*\.ts:\d+/.test(end.errors)) this.fail(`an error without a code: ${end.errors}`);
    return end;
  }

  fail(message: string): never {
    throw new Error(`${message.trim().slice(0, 1500)}\n  after: ${this.steps.join('; ')}`);
  }

  wait(upToMs: number): Promise<void> {
    return sleep(this.random() * upToMs);
  }

  /** Checks that the visible output is a prefix of an undisturbed run's output. */
  checkVisible(): void {
    const stray = strayOutput(this.undisturbed, this.directory);
    if (stray !== null) this.fail(stray);
  }

  /** Starts a last, undisturbed process. It must finish with the output of a run without faults. */
  async finish(): Promise<void> {
    this.checkVisible();
    const last = this.said('last', await endOf(await this.start()));
    if (last.code !== 0) this.fail(`the last start ended with ${last.code}: ${last.errors}`);
    this.compare();
  }

  compare(): void {
    const differs = difference(this.undisturbed, this.directory);
    if (differs !== null) this.fail(differs);
  }

  /** Returns whether no manifest is left, not even a damaged one. */
  async hasNoCheckpoint(job: string): Promise<boolean> {
    const { files, close } = this.checkpointFiles(job);
    try {
      for (const name of await files.list()) {
        if (name.startsWith('manifests/')) return false;
        // A claim is one line. A checkpoint has its manifest after the first line.
        if (name.startsWith('log/') && !/^\{"kind":"claim"[^\n]*\n$/.test((await files.read(name)).toString()))
          return false;
      }
      return true;
    } finally {
      close();
    }
  }

  /** Returns the checkpoint files of one job. The caller calls `close` at the end. */
  checkpointFiles(job: string): { readonly files: CheckpointFiles; close(): void } {
    const { bucket, prefix } = this.#options;
    if (bucket === null) return { files: localFiles(path.join(this.#checkpoints, job)), close: () => {} };
    const settings = { endpoint: bucket.endpoint, region: null, pathStyle: true };
    const store = new S3Store(bucket.name, `${prefix}/${job}`, settings, systemClock);
    return { files: storedFiles(store), close: () => store.close() };
  }

  /** Deletes the output, for a start with --fresh. */
  removeOutput(sink: string): void {
    fs.rmSync(path.join(this.directory, sink), { recursive: true, force: true });
  }
}
