import { EngineError } from '../../core/engine-error.ts';
import { type DatabaseSync, loadSqlite } from '../../core/sqlite.ts';
import { type PlacedEntry, STORE_FORMAT, type Summary, summaryChecksum, tablesIn } from './database-file.ts';
import { entryChecksum, SetDigest } from './entry-checksum.ts';
import type { StoreDatabase, StoreEntry, StoreWrite } from './store-database.ts';

const SCHEMAS = ['main', 'copy'] as const;

interface Known {
  readonly position: number;
  readonly checksum: string;
}

/**
 * The service's database: two files with the same content. One transaction writes both files, so
 * they always have the same generation, and either of them is enough. A rollback journal is used
 * and not a WAL, because SQLite ignores a WAL from the first damaged byte on, without an error.
 */
export class SqliteDatabase implements StoreDatabase {
  readonly entries: readonly StoreEntry[];
  readonly #name: string;
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, Known>();
  #digest = new SetDigest();
  #generation: number;
  #nextPosition = 1;
  /** Whether a write has failed and may have taken effect. The files are read after a restart. */
  #inDoubt = false;

  private constructor(name: string, database: DatabaseSync, generation: number, entries: readonly PlacedEntry[]) {
    this.#name = name;
    this.#database = database;
    this.#generation = generation;
    this.entries = entries;
    for (const entry of entries) {
      this.#known.set(keyOf(entry), { position: entry.position, checksum: entry.checksum });
      this.#digest.add(entry.checksum);
      this.#nextPosition = entry.position + 1;
    }
  }

  /** Opens two files that were inspected and are equal. */
  static open(
    files: readonly [main: string, copy: string],
    generation: number,
    entries: readonly PlacedEntry[],
  ): SqliteDatabase {
    return new SqliteDatabase(files[0], connect(files), generation, entries);
  }

  /** Creates both files with these entries. Nothing is left in them if a crash interrupts it. */
  static create(files: readonly [main: string, copy: string], entries: readonly StoreEntry[]): void {
    const database = connect(files);
    try {
      // Takes effect for a database without tables: the files shrink with each transaction.
      for (const schema of SCHEMAS) database.exec(`PRAGMA ${schema}.auto_vacuum = FULL`);
      const created = new SqliteDatabase(files[0], database, 0, []);
      const writes = entries.map((put) => ({ put }));
      created.#transaction(writes, () => {
        for (const schema of SCHEMAS) {
          database.exec(tablesIn(schema));
          database.exec(`INSERT INTO ${schema}.summary VALUES (1, ${STORE_FORMAT}, 0, 0, '', '')`);
        }
      });
    } finally {
      database.close();
    }
  }

  write(writes: readonly StoreWrite[]): void {
    if (this.#inDoubt) throw this.#failure('an earlier write is in doubt; restart the service', undefined);
    this.#transaction(writes, () => {});
  }

  #transaction(writes: readonly StoreWrite[], prepare: () => void): void {
    const database = this.#database;
    const undo = { known: new Map(this.#known), digest: this.#digest.copy(), next: this.#nextPosition };
    try {
      database.exec('BEGIN IMMEDIATE');
      prepare();
      for (const write of writes) {
        if ('put' in write) this.#put(write.put);
        else this.#remove(write.remove);
      }
      this.#summarize();
      database.exec('COMMIT');
      this.#generation++;
    } catch (cause) {
      this.#known.clear();
      for (const [key, known] of undo.known) this.#known.set(key, known);
      this.#digest = undo.digest;
      this.#nextPosition = undo.next;
      this.#rollBack();
      const why = (cause as Error).message;
      throw this.#failure(this.#inDoubt ? `${why}: the write is in doubt; restart the service` : why, cause);
    }
  }

  #put(entry: StoreEntry): void {
    const { kind, name, content } = entry;
    const key = keyOf(entry);
    const known = this.#known.get(key);
    const position = known?.position ?? this.#nextPosition++;
    const checksum = entryChecksum(entry, position);
    for (const schema of SCHEMAS) {
      this.#database
        .prepare(`INSERT OR REPLACE INTO ${schema}.entry VALUES (?, ?, ?, ?, ?)`)
        .run(position, kind, name, content, checksum);
    }
    if (known !== undefined) this.#digest.remove(known.checksum);
    this.#digest.add(checksum);
    this.#known.set(key, { position, checksum });
  }

  #remove(entry: Pick<StoreEntry, 'kind' | 'name'>): void {
    const key = keyOf(entry);
    const known = this.#known.get(key);
    if (known === undefined) return;
    for (const schema of SCHEMAS) {
      this.#database.prepare(`DELETE FROM ${schema}.entry WHERE position = ?`).run(known.position);
    }
    this.#digest.remove(known.checksum);
    this.#known.delete(key);
  }

  /** Also makes sure that nothing else has written to the files. */
  #summarize(): void {
    const summary: Summary = {
      format: STORE_FORMAT,
      generation: this.#generation + 1,
      entries: this.#digest.count,
      digest: this.#digest.text,
    };
    for (const schema of SCHEMAS) {
      const { changes } = this.#database
        .prepare(
          `UPDATE ${schema}.summary SET generation = ?, entries = ?, digest = ?, checksum = ? WHERE generation = ?`,
        )
        .run(summary.generation, summary.entries, summary.digest, summaryChecksum(summary), this.#generation);
      if (Number(changes) !== 1) throw new Error('another program has changed it');
    }
  }

  /**
   * Rolls back a failed write. A failed commit may have taken effect, so this compares the
   * generations of both files.
   */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      if (this.#generation === 0) return;
      for (const schema of SCHEMAS) {
        const row = this.#database.prepare(`SELECT generation FROM ${schema}.summary`).get() as { generation: number };
        if (row.generation !== this.#generation) this.#inDoubt = true;
      }
    } catch {
      this.#inDoubt = true;
    }
  }

  #failure(why: string, cause: unknown): EngineError {
    return new EngineError('STATE_STORE', `${this.#name} cannot be written: ${why}`, { file: this.#name }, cause);
  }

  get inDoubt(): boolean {
    return this.#inDoubt;
  }

  close(): void {
    this.#database.close();
  }
}

const keyOf = ({ kind, name }: Pick<StoreEntry, 'kind' | 'name'>): string => `${kind} ${name}`;

function connect([main, copy]: readonly [string, string]): DatabaseSync {
  const database = new (loadSqlite().DatabaseSync)(main);
  try {
    database.prepare('ATTACH DATABASE ? AS copy').run(copy);
    for (const schema of SCHEMAS) {
      database.exec(`PRAGMA ${schema}.journal_mode = TRUNCATE`);
      // A commit is durable when it returns: SQLite syncs the truncated journal too.
      database.exec(`PRAGMA ${schema}.synchronous = FULL`);
    }
    database.exec('PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
    return database;
  } catch (cause) {
    database.close();
    throw new EngineError(
      'STATE_STORE',
      `${main} cannot be opened: ${(cause as Error).message}`,
      { file: main },
      cause,
    );
  }
}
