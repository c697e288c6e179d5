import { createHash } from 'node:crypto';
import { EngineError } from '../../core/engine-error.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Old claims that are kept: a process that slept through as many take-overs would be let in again.
 */
const CLAIMS_KEPT = 1000;

interface ClaimHeader {
  readonly kind: 'claim';
  readonly owner: string;
  readonly generation: number;
  /** Manifests below this entry, so that nobody needs to read further down: epoch and entry. */
  readonly manifests: readonly (readonly [epoch: number, entry: number])[];
}

interface CheckpointHeader {
  readonly kind: 'checkpoint';
  readonly owner: string;
  readonly epoch: number;
}

interface LogView {
  /** Number of the newest entry; 0 = none. */
  last: number;
  readonly claim: ClaimHeader | null;
  /** Entry by epoch. */
  readonly manifests: Map<number, number>;
}

/**
 * Who owns a job, and its manifests, in one sequence of immutable entries `log/<number>`, each made
 * by create-if-absent. A process becomes the owner by the entry behind the newest one that it
 * knows, a claim; it publishes a checkpoint by the next. So a process that was taken over cannot
 * publish any more, however long it slept and wherever it stood: the entry that it would need is
 * the other's claim. Claims are never deleted while anyone may still try for them; manifests may
 * be.
 */
export class OwnershipLog {
  generation = 0;
  readonly #objects: ObjectStore;
  readonly #owner: string;
  /** What the owner knows; null: not the owner. Nobody else may add to it. */
  #own: LogView | null = null;

  constructor(objects: ObjectStore, owner: string) {
    this.#objects = objects;
    this.#owner = owner;
  }

  /** The newest entries down to the last claim. */
  async read(): Promise<LogView> {
    const entries = (await this.#objects.list('log/')).map(({ key }) => Number(key.slice('log/'.length)));
    const present = new Set(entries);
    const manifests = new Map<number, number>();
    for (const entry of entries.toReversed()) {
      const content = await this.#objects.get(keyOf(entry));
      if (content === null) continue;
      const header = this.#header(content, entry);
      if (header.kind === 'checkpoint') {
        if (!manifests.has(header.epoch)) manifests.set(header.epoch, entry);
        continue;
      }
      for (const [epoch, at] of header.manifests)
        if (present.has(at) && !manifests.has(epoch)) manifests.set(epoch, at);
      return { last: entries.at(-1)!, claim: header, manifests };
    }
    return { last: entries.at(-1) ?? 0, claim: null, manifests };
  }

  /** Takes the job over from the state of things in `view`; false when somebody was faster. */
  async claim(view: LogView): Promise<boolean> {
    const generation = (view.claim?.generation ?? 0) + 1;
    const header: ClaimHeader = { kind: 'claim', owner: this.#owner, generation, manifests: [...view.manifests] };
    const entry = view.last + 1;
    if (!(await this.#create(entry, encode(header, null)))) return false;
    // The owner may have gone on since `view`, and deleted the entry that this claim now stands
    // for.
    const [newest] = (await this.#objects.list('log/')).slice(-1);
    if (newest !== undefined && newest.key > keyOf(entry)) {
      await this.#objects.delete(keyOf(entry));
      return false;
    }
    this.generation = generation;
    this.#own = { last: entry, claim: header, manifests: new Map(view.manifests) };
    return true;
  }

  /** False when the epoch has a manifest. Throws JOB_LOCKED when the job was taken over. */
  async publish(epoch: number, manifest: Buffer): Promise<boolean> {
    const own = this.#owned();
    if (own.manifests.has(epoch)) return false;
    const content = encode({ kind: 'checkpoint', owner: this.#owner, epoch }, manifest);
    for (;;) {
      const entry = own.last + 1;
      if (await this.#create(entry, content)) {
        this.#remember(entry, epoch);
        return true;
      }
      // An earlier checkpoint of this process that counts as failed, since its reply was lost, may
      // stand after all.
      const there = await this.#objects.get(keyOf(entry));
      const header = there === null ? null : this.#header(there, entry);
      if (header === null || header.owner !== this.#owner || header.kind !== 'checkpoint') throw this.#takenOver();
      this.#remember(entry, header.epoch);
    }
  }

  /** Before anything is deleted. */
  async checkOwner(): Promise<void> {
    const entry = this.#owned().last + 1;
    const there = await this.#objects.get(keyOf(entry));
    if (there !== null && this.#header(there, entry).owner !== this.#owner) throw this.#takenOver();
  }

  async manifests(): Promise<ReadonlyMap<number, number>> {
    return (this.#own ?? (await this.read())).manifests;
  }

  async manifest(epoch: number): Promise<Buffer> {
    const entry = (await this.manifests()).get(epoch);
    const content = entry === undefined ? null : await this.#objects.get(keyOf(entry));
    if (content === null) {
      // Somebody else has deleted it, as a savepoint may be.
      this.#own?.manifests.delete(epoch);
      throw new EngineError('CHECKPOINT_NOT_FOUND', `no checkpoint ${epoch} in ${this.#objects.location}`, { epoch });
    }
    return content.subarray(content.indexOf('\n') + 1);
  }

  async deleteManifest(epoch: number): Promise<void> {
    // A process that is not the owner, told by a person, may: claims are what fences.
    const view = this.#own ?? (await this.read());
    const entry = view.manifests.get(epoch);
    if (entry === undefined) return;
    // The newest entry stays, whatever it is: it is where the next one is counted from.
    if (entry === view.last) throw new EngineError('CHECKPOINT_STORE', 'the newest checkpoint cannot be deleted', {});
    await this.#objects.delete(keyOf(entry));
    view.manifests.delete(epoch);
  }

  /** Claims that nobody can still be waiting behind. */
  async deleteOldClaims(): Promise<void> {
    const { manifests } = this.#owned();
    const kept = new Set(manifests.values());
    const claims = (await this.#objects.list('log/')).filter(({ key }) => !kept.has(Number(key.slice('log/'.length))));
    for (const { key } of claims.slice(0, -CLAIMS_KEPT)) await this.#objects.delete(key);
  }

  #remember(entry: number, epoch: number): void {
    const own = this.#owned();
    own.manifests.set(epoch, entry);
    own.last = entry;
  }

  #owned(): LogView {
    if (this.#own === null) throw new EngineError('CHECKPOINT_STORE', 'the job was not taken by this process', {});
    return this.#own;
  }

  /** An attempt whose reply was lost looks as if somebody else had been there: content tells. */
  async #create(entry: number, content: Buffer): Promise<boolean> {
    if (await this.#objects.create(keyOf(entry), content)) return true;
    return (await this.#objects.get(keyOf(entry)))?.equals(content) === true;
  }

  #header(content: Buffer, entry: number): ClaimHeader | CheckpointHeader {
    try {
      return decode(content.subarray(0, content.indexOf('\n')).toString());
    } catch (cause) {
      const what = `${this.#objects.location}/${keyOf(entry)}`;
      throw new EngineError(
        'CHECKPOINT_CORRUPT',
        `${what} is damaged: its first line cannot be read`,
        { entry },
        cause,
      );
    }
  }

  #takenOver(): EngineError {
    return new EngineError('JOB_LOCKED', `the job in ${this.#objects.location} was taken over by another process`, {});
  }
}

/** Fixed width, so that keys sort as numbers do. */
const keyOf = (entry: number): string => `log/${String(entry).padStart(12, '0')}`;

/**
 * The first line carries its own checksum: a digit of a claim that has changed would name other
 * manifests, or another owner.
 */
const encode = (header: ClaimHeader | CheckpointHeader, manifest: Buffer | null): Buffer =>
  Buffer.concat([
    Buffer.from(`${JSON.stringify({ ...header, check: checkOf(header) })}\n`),
    manifest ?? Buffer.alloc(0),
  ]);

/** Of entries of earlier versions, which have no checksum, the form alone is looked at. */
function decode(line: string): ClaimHeader | CheckpointHeader {
  const { check, ...header } = JSON.parse(line) as (ClaimHeader | CheckpointHeader) & { check?: string };
  if (check !== undefined && check !== checkOf(header as ClaimHeader)) throw new Error('its checksum does not fit');
  if (header.kind === 'claim' ? !Array.isArray(header.manifests) : header.kind !== 'checkpoint') {
    throw new Error('it is neither a claim nor a checkpoint');
  }
  return header as ClaimHeader | CheckpointHeader;
}

const checkOf = (header: ClaimHeader | CheckpointHeader): string =>
  createHash('sha256').update(JSON.stringify(header)).digest('hex').slice(0, 16);
