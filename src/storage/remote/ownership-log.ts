import { createHash } from 'node:crypto';
import { EngineError } from '../../core/engine-error.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Number of old claims that are kept. A process that was suspended during more take-overs could
 * publish again.
 */
const CLAIMS_KEPT = 1000;

interface ClaimHeader {
  readonly kind: 'claim';
  readonly owner: string;
  readonly generation: number;
  /** Manifests before this entry, as epoch and entry, so that readers need no earlier entries. */
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
 * The owners of a job and its manifests, in one sequence of immutable entries `log/<number>`. Each
 * entry is made by create-if-absent. A process becomes the owner by creating a claim, the entry
 * after the newest one that it knows. It publishes a checkpoint by creating the next entry. A
 * process whose job was taken over can never publish again, because the entry that it must create
 * is the claim of the other process. Manifests may be deleted. Claims are kept while a process may
 * still try to create their entries.
 */
export class OwnershipLog {
  generation = 0;
  readonly #objects: ObjectStore;
  readonly #owner: string;
  /** The owner's view; null: this process is not the owner. Only the owner adds entries. */
  #own: LogView | null = null;

  constructor(objects: ObjectStore, owner: string) {
    this.#objects = objects;
    this.#owner = owner;
  }

  /** Reads the newest entries back to the last claim. */
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

  /** Takes the job over, based on `view`; false when another process was faster. */
  async claim(view: LogView): Promise<boolean> {
    const generation = (view.claim?.generation ?? 0) + 1;
    const header: ClaimHeader = { kind: 'claim', owner: this.#owner, generation, manifests: [...view.manifests] };
    const entry = view.last + 1;
    if (!(await this.#create(entry, encode(header, null)))) return false;
    // Since `view` the owner may have continued, and deleted the entry whose number this claim has.
    const [newest] = (await this.#objects.list('log/')).slice(-1);
    if (newest !== undefined && newest.key > keyOf(entry)) {
      await this.#objects.delete(keyOf(entry));
      return false;
    }
    this.generation = generation;
    this.#own = { last: entry, claim: header, manifests: new Map(view.manifests) };
    return true;
  }

  /**
   * Publishes a manifest. Returns false if the epoch has a manifest. Throws JOB_LOCKED if the job
   * was taken over.
   */
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
      // An earlier checkpoint of this process that counts as failed, because its reply was lost,
      // may exist.
      const there = await this.#objects.get(keyOf(entry));
      const header = there === null ? null : this.#header(there, entry);
      if (header === null || header.owner !== this.#owner || header.kind !== 'checkpoint') throw this.#takenOver();
      this.#remember(entry, header.epoch);
    }
  }

  /** Checks that this process is the owner. Call this method before a deletion. */
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
      // Another process has deleted it; a savepoint may be deleted by a user.
      this.#own?.manifests.delete(epoch);
      throw new EngineError('CHECKPOINT_NOT_FOUND', `no checkpoint ${epoch} in ${this.#objects.location}`, { epoch });
    }
    return content.subarray(content.indexOf('\n') + 1);
  }

  async deleteManifest(epoch: number): Promise<void> {
    // A process that is not the owner may do this when a user asks for it: only claims fence.
    const view = this.#own ?? (await this.read());
    const entry = view.manifests.get(epoch);
    if (entry === undefined) return;
    // The newest entry is always kept: the next number follows from it.
    if (entry === view.last) throw new EngineError('CHECKPOINT_STORE', 'the newest checkpoint cannot be deleted', {});
    await this.#objects.delete(keyOf(entry));
    view.manifests.delete(epoch);
  }

  /** Deletes old claims that no process can still try to create. */
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

  /**
   * Creates an entry. After a lost reply, the existing entry may be from this or from another
   * process. The content of the entry shows its owner.
   */
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

/** Returns the key of an entry. The number has a fixed width, so that keys sort like numbers. */
const keyOf = (entry: number): string => `log/${String(entry).padStart(12, '0')}`;

/**
 * Encodes an entry. The first line has a checksum, because a changed digit in a claim would name
 * other manifests or another owner.
 */
const encode = (header: ClaimHeader | CheckpointHeader, manifest: Buffer | null): Buffer =>
  Buffer.concat([
    Buffer.from(`${JSON.stringify({ ...header, check: checkOf(header) })}\n`),
    manifest ?? Buffer.alloc(0),
  ]);

/**
 * Decodes the first line of an entry. Entries of earlier versions have no checksum. Only their form
 * is checked.
 */
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
