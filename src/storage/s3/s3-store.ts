import fs from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { ListedObject, ObjectStore } from '../remote/object-store.ts';
import { uploadParts } from './upload-parts.ts';

/** Longer files are uploaded in parts. */
export const SINGLE_PUT_BYTES = 16 * 1024 * 1024;
const ATTEMPTS = 5;
const CONNECT_MS = 5_000;
const REQUEST_MS = 60_000;

export interface S3Settings {
  /** Address of a server other than AWS: `http://host:port`; null: AWS. */
  readonly endpoint: string | null;
  /** Null: the SDK finds it in its environment; with an endpoint `us-east-1`. */
  readonly region: string | null;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
}

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * S3 and servers that speak its API. Credentials come from the SDK's own chain (environment, shared
 * files, instance and pod roles). Each request carries a checksum that the server compares; a
 * request that fails for a temporary reason is tried up to five times with growing pauses. The SDK
 * is loaded with the first request.
 */
export class S3Store implements ObjectStore {
  readonly location: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #settings: S3Settings;
  readonly #clock: Clock;
  readonly #attempts: number;
  #opened: Promise<{ sdk: Sdk; client: S3Client }> | null = null;

  /** `prefix`: without slashes at its ends; may be empty. */
  constructor(bucket: string, prefix: string, settings: S3Settings, clock: Clock, attempts = ATTEMPTS) {
    this.location = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
    this.#bucket = bucket;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.#settings = settings;
    this.#clock = clock;
    this.#attempts = attempts;
  }

  async create(key: string, content: Buffer): Promise<boolean> {
    return this.#attempt(`${key} cannot be created`, async ({ sdk, client }) => {
      try {
        await client.send(new sdk.PutObjectCommand(this.#put(key, content, { IfNoneMatch: '*' })));
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return false;
        throw error;
      }
    });
  }

  async put(key: string, content: Buffer): Promise<void> {
    await this.#attempt(`${key} cannot be written`, ({ sdk, client }) =>
      client.send(new sdk.PutObjectCommand(this.#put(key, content, {}))),
    );
  }

  async get(key: string): Promise<Buffer | null> {
    return this.#attempt(`${key} cannot be read`, async ({ sdk, client }) => {
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(this.#at(key)));
        return Buffer.from(await Body!.transformToByteArray());
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  async putFile(key: string, localPath: string, length: number, sha256: string): Promise<void> {
    await this.#attempt(`${key} cannot be written`, async ({ sdk, client }) => {
      if (length > SINGLE_PUT_BYTES) return uploadParts(sdk, client, this.#at(key), localPath, length);
      const content = await fs.promises.readFile(localPath);
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
      await client.send(new sdk.PutObjectCommand(this.#put(key, content, { ChecksumSHA256 })));
    });
  }

  async getFile(key: string, localPath: string): Promise<boolean> {
    return this.#attempt(`${key} cannot be read`, async ({ sdk, client }) => {
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(this.#at(key)));
        await pipeline(Body as Readable, fs.createWriteStream(localPath));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    });
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    const found: ListedObject[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#attempt(`${prefix} cannot be listed`, ({ sdk, client }) =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: this.#prefix + prefix,
            ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
          }),
        ),
      );
      for (const { Key, Size } of page.Contents ?? [])
        found.push({ key: Key!.slice(this.#prefix.length), length: Size ?? 0 });
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }

  async delete(key: string): Promise<void> {
    await this.#attempt(`${key} cannot be deleted`, ({ sdk, client }) =>
      client.send(new sdk.DeleteObjectCommand(this.#at(key))),
    );
  }

  close(): void {
    void this.#opened?.then(
      ({ client }) => client.destroy(),
      () => {},
    );
    this.#opened = null;
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  /**
   * Puts an object. The server compares the sha256 if there is one. Otherwise the SDK sends a
   * CRC32.
   */
  #put(key: string, content: Buffer, more: Partial<PutObjectCommandInput>): PutObjectCommandInput {
    return { ...this.#at(key), Body: content, ContentLength: content.length, ...more };
  }

  /**
   * Runs an action with retries. The SDK retries requests that fail before a reply. This function
   * retries the rest: a body that broke off, and concurrent creates of one key. Other failures are
   * CHECKPOINT_STORE with the store's reply.
   */
  async #attempt<T>(what: string, action: (opened: { sdk: Sdk; client: S3Client }) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#opened ??= this.#open();
        return await action(await this.#opened);
      } catch (error) {
        const status = statusOf(error);
        // The SDK has already retried failures with a status; without one the body broke off.
        const again =
          status === 409 ||
          ((status === undefined || status === 200) && (error as Error).name !== 'TimeoutError' && isPassing(error));
        if (again && attempt < this.#attempts) {
          await this.#clock.sleep(50 * 2 ** attempt);
          continue;
        }
        const { name, message } = error as Error;
        const answer = `${name}${status === undefined ? '' : ` ${status}`}${message === name ? '' : `: ${message}`}`;
        throw new EngineError(
          'CHECKPOINT_STORE',
          `${this.location}/${what}: ${answer}`,
          { location: this.location },
          error,
        );
      }
    }
  }

  async #open(): Promise<{ sdk: Sdk; client: S3Client }> {
    const sdk = await import('@aws-sdk/client-s3');
    const { endpoint, region, pathStyle } = this.#settings;
    const chosen = region ?? (endpoint === null ? null : 'us-east-1');
    const client = new sdk.S3Client({
      forcePathStyle: pathStyle,
      maxAttempts: this.#attempts,
      retryMode: 'standard',
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
      ...(endpoint === null ? {} : { endpoint }),
      ...(chosen === null ? {} : { region: chosen }),
    });
    return { sdk, client };
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Returns whether the object does not exist. A missing bucket is a failure. */
const isMissing = (error: unknown): boolean =>
  statusOf(error) === 404 && ['NoSuchKey', 'NotFound'].includes((error as Error).name);

const isPassing = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  ) || /aborted|Checksum mismatch/.test((error as Error).message);
