/** A deliberate fault in the sources, and the test that must detect it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Text that the file contains exactly once; `to` replaces it. */
  readonly from: string;
  readonly to: string;
  /** The test file. Absent: the simulation. */
  readonly test?: string;
  /** The part of the simulation. Absent: the engine. */
  readonly part?: 'service';
  /**
   * A seed of the simulation that detects the fault. The field is set if few seeds detect the
   * fault. The simulation begins with this seed.
   */
  readonly seed?: number;
}

const LOCAL = 'src/storage/local/local-storage.ts';
const COORDINATOR = 'src/engine/checkpoint/coordinator.ts';
const SPLIT = 'src/engine/graph/split-reader.ts';
const SPLITS_TEST = 'test/unit/engine/job/splits.test.ts';
const MIGRATION_TEST = 'test/unit/engine/migration/migrate-state.test.ts';
const KEY_GROUPS_TEST = 'test/unit/engine/state/key-groups.test.ts';
const ORDERED_TEST = 'test/unit/engine/state/ordered-table.test.ts';
const SINK = 'src/connectors/filesystem/sink.ts';
const RESTORE_TASK = 'src/engine/task/restore-task.ts';
const DURABLE = 'src/core/durable-file.ts';
const STORE_TEST = 'test/unit/service/service-store.test.ts';
const ENDS = 'src/service/job-ends.ts';
const LOCK = 'src/storage/local/process-lock.ts';
const LOCK_TEST = 'test/unit/storage/lock-heartbeat.test.ts';
const SHARES_TEST = 'test/unit/service/memory-shares.test.ts';
const POOL_TEST = 'test/unit/service/thread-pool.test.ts';
const PLACEMENT_TEST = 'test/unit/service/thread-placement.test.ts';
const THREADS = 'src/service/worker/thread-pool.ts';
const HOST = 'src/service/worker/job-host.ts';
const STORE_COPY = 'src/service/store/store-copy.ts';
const COMPILE_TEST = 'test/unit/service/compile-pool.test.ts';
const LARGE_TEST = 'test/unit/engine/state/large-entries.test.ts';
const BURST_TEST = 'test/unit/http/burst.test.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'an idle split keeps its turn',
    file: 'src/engine/graph/source-order.ts',
    from: 'if (split.finished || split.idle || (ready && !split.ready)) continue;',
    to: 'if (split.finished || (ready && !split.ready)) continue;',
    test: SPLITS_TEST,
  },
  {
    name: 'the watermark of one split is taken for that of its source',
    file: 'src/engine/graph/source-reader.ts',
    from: 'const value = Math.min(marks.values[k]!, ceiling);',
    to: 'const value = marks.values[k]!;',
    test: SPLITS_TEST,
  },
  {
    name: 'a split forgets that it was idle',
    file: SPLIT,
    from: 'this.idle = snapshot.idle === true;',
    to: '',
    test: SPLITS_TEST,
  },
  {
    name: 'a barrier passes a node before it has arrived on all inputs',
    file: 'src/engine/graph/graph-node.ts',
    from: 'if (++this.#barriers < this.inputs) return;',
    to: '',
    test: 'test/unit/engine/graph/barrier.test.ts',
  },
  {
    name: 'two ways of a source are not merged by their events',
    file: 'src/batch/merge-ways.ts',
    from: 'cursors[i]!.event < best.event',
    to: 'best.event === AT_END',
    test: 'test/unit/batch/merge-ways.test.ts',
  },
  {
    name: 'results of a watermark lose their place at a merge',
    file: 'src/batch/origins.ts',
    from: '    rows.fill(cause, 0, end);',
    to: '    rows.fill(2 * from.size + 1, 0, end);',
    test: 'test/unit/batch/merge-ways.test.ts',
  },
  { name: 'state is not synced', file: LOCAL, from: 'await this.#syncState(localPath);', to: '' },
  {
    name: 'names of state files are not synced',
    file: LOCAL,
    from: 'this.#disk.syncDirectory(this.#data);\n    this.#known.add(sha256);',
    to: 'this.#known.add(sha256);',
  },
  {
    name: 'the manifest is not synced',
    file: DURABLE,
    from: 'disk.write(temporary, content, true)',
    to: 'disk.write(temporary, content, false)',
  },
  {
    name: 'the name of the manifest is not synced',
    file: DURABLE,
    from: '  disk.syncDirectory(path.dirname(file));\n  return true;',
    to: '  return true;',
  },
  {
    name: 'a manifest is created over an existing one',
    file: DURABLE,
    from: 'await disk.link(temporary, file);',
    to: 'await disk.rename(temporary, file);',
    test: 'test/unit/storage/local-storage.test.ts',
  },
  {
    name: 'the name of a new directory is not synced',
    file: DURABLE,
    from: '    disk.syncDirectory(path.dirname(one));\n',
    to: '',
  },
  {
    name: 'output is committed before the checkpoint is complete',
    file: COORDINATOR,
    from: '      if (!(await this.#storage.createManifest(',
    to: '      await this.#commit(epoch, output);\n      if (!(await this.#storage.createManifest(',
  },
  {
    name: 'the sweep looks at the newest manifest only',
    file: 'src/engine/checkpoint/retention.ts',
    from: 'for (const epoch of epochs.slice(-retained)) kept.push(',
    to: 'for (const epoch of epochs.slice(-1)) kept.push(',
  },
  {
    name: 'live state of a dead process is used again',
    file: 'src/engine/state/open-backend.ts',
    from: 'if (restored === null) disk.removeNow(options.directory);',
    to: '',
    test: 'test/unit/engine/state/open-backend.test.ts',
  },
  {
    name: 'one row is left out after a restore',
    file: SPLIT,
    from: 'this.#skip = snapshot.rows;',
    to: 'this.#skip = snapshot.rows + 1;',
  },
  {
    name: 'a part is made visible but its directory is not synced',
    file: SINK,
    from: '    if (this.#durable) this.#disk.syncDirectory(this.#directory);\n  }',
    to: '  }',
    seed: 477,
  },
  {
    name: 'output is not synced',
    file: SINK,
    from: '      await this.#disk.sync(file);\n',
    to: '',
  },
  {
    name: 'state is restored without a check of its sha256',
    file: LOCAL,
    from: 'if (found === sha256) return;',
    to: 'if (found !== null) return;',
    test: 'test/unit/storage/local-storage.test.ts',
  },
  {
    name: 'a claim of another process is ignored',
    file: 'src/storage/remote/ownership-log.ts',
    from: "header.owner !== this.#owner || header.kind !== 'checkpoint') throw this.#takenOver();",
    to: "header.kind !== 'checkpoint') {\n        own.last = entry;\n        continue;\n      }",
  },
  {
    name: 'hidden parts of a dead process are made visible',
    file: SINK,
    from: 'if (this.#durable) this.#leftBehind.push(name);',
    to: 'this.#disk.renameNow(path.join(this.#directory, name), path.join(this.#directory, name.slice(1)));',
  },
  {
    name: 'hidden parts are removed before a checkpoint is complete',
    file: SINK,
    from: 'if (this.#durable) this.#leftBehind.push(name);',
    to: 'this.#disk.removeNow(path.join(this.#directory, name));',
    test: 'test/unit/connectors/filesystem/sink.test.ts',
  },
  {
    name: 'hidden parts of two processes have the same name',
    file: SINK,
    from: 'hiddenName(this.#nameOf(this.#epoch), this.#process)',
    to: "hiddenName(this.#nameOf(this.#epoch), '')",
  },
  {
    name: 'output of a failed checkpoint is forgotten',
    file: COORDINATOR,
    from: '      if (!this.#expired) this.stats.failed++;\n',
    to: '      this.#uncommitted.clear();\n',
  },
  {
    name: 'a checkpoint follows one whose output is lost',
    file: COORDINATOR,
    from: '        this.broken = lost;\n',
    to: '',
  },
  {
    name: 'state that a failed checkpoint did not write is not written by the next',
    file: 'src/engine/state/cached-state-store.ts',
    from: '      this.#logBroken = true;\n      throw error;',
    to: '      throw error;',
    seed: 861,
  },
  {
    name: 'an entry that changes during a checkpoint is not kept for it',
    file: 'src/engine/state/cached-state-store.ts',
    from: '    this.#preserved.push(write);\n',
    to: '',
    seed: 320,
  },
  {
    name: 'watermarks are not restored',
    file: SPLIT,
    from: 'this.#lane.current = snapshot.watermark ?? MIN_WATERMARK;',
    to: '',
  },
  {
    name: 'snapshots of operators are not restored',
    file: RESTORE_TASK,
    from: 'if (snapshot !== undefined) await node.operator.restore?.(snapshot);',
    to: '',
  },
  {
    name: 'counters are counted twice',
    file: RESTORE_TASK,
    from: 'node.rowsIn = rows?.in ?? 0;',
    to: 'node.rowsIn = (rows?.in ?? 0) * 2;',
  },
  {
    name: 'rows that were read and not sent are counted',
    file: 'src/engine/graph/barrier.ts',
    from: '{ in: rowsIn - unsent.in, out: rowsOut - unsent.out }',
    to: '{ in: rowsIn, out: rowsOut }',
  },
  {
    name: 'a checkpoint continues a manifest that may not be durable',
    file: LOCAL,
    from: 'for (const directory of [this.#data, this.#manifests]) this.#disk.syncDirectory(directory);',
    to: '',
  },
  {
    name: 'the lock stays when a job cannot begin',
    file: LOCAL,
    from: '    } catch (error) {\n      this.#lock.release();\n',
    to: '    } catch (error) {\n',
  },
  {
    name: 'a disk that does not answer is taken for a damaged checkpoint',
    file: 'src/engine/checkpoint/restore.ts',
    from: "    'CHECKPOINT_STORE',\n    `checkpoint",
    to: "    'CHECKPOINT_CORRUPT',\n    `checkpoint",
    test: 'test/unit/engine/checkpoint/restore.test.ts',
  },
  {
    name: 'an abandoned checkpoint is restored',
    file: 'src/engine/checkpoint/ancestor-line.ts',
    from: 'this.#left = this.#left.filter((epoch) => ancestors.includes(epoch));',
    to: '',
    test: 'test/unit/engine/checkpoint/restore.test.ts',
  },
  {
    name: 'a job that abandons newer checkpoints does not skip a number',
    file: 'src/engine/checkpoint/ancestor-line.ts',
    from: 'Math.max(newest, manifest.epoch) + 1',
    to: 'Math.max(newest, manifest.epoch)',
    test: 'test/unit/engine/checkpoint/restore.test.ts',
  },
  {
    name: 'prepared output is made visible without a check of its checksum',
    file: SINK,
    from: '      await this.#check(part);\n',
    to: '',
    test: 'test/unit/connectors/filesystem/sink.test.ts',
  },
  {
    name: 'an abandoned job still creates its manifest',
    file: COORDINATOR,
    from: '      if (this.#abandoned) throw this.#givenUp();\n      if (!(await',
    to: '      if (!(await',
    test: 'test/unit/engine/job/hung-storage.test.ts',
  },
  {
    name: 'an abandoned job still commits its output',
    file: COORDINATOR,
    from: '      if (this.#abandoned) throw this.#givenUp();\n      await this.#commit',
    to: '      await this.#commit',
    test: 'test/unit/engine/job/hung-storage.test.ts',
  },
  {
    name: 'data that a successor deleted is reported as damaged',
    file: 'src/engine/checkpoint/scrubber.ts',
    from: 'await this.#storage.checkOwner();',
    to: '',
    test: 'test/unit/storage/remote-storage.test.ts',
  },
  {
    name: 'data that is swept during a scrub is reported as damaged',
    file: 'src/engine/checkpoint/scrubber.ts',
    from: 'return (await this.#storage.listManifests()).includes(epoch);',
    to: 'return epoch > 0;',
    test: 'test/unit/engine/checkpoint/scrubber.test.ts',
  },
  {
    name: 'a damaged file that is already stored is not stored again',
    file: 'src/engine/checkpoint/state-files.ts',
    from: 'known.length, file, full);',
    to: 'known.length, file, false);',
    test: 'test/unit/engine/checkpoint/coordinator.test.ts',
  },
  {
    name: 'the kernel lock does not exclude other processes',
    file: 'src/storage/local/kernel-lock.ts',
    from: "'BEGIN EXCLUSIVE'",
    to: "'BEGIN'",
    test: LOCK_TEST,
  },
  {
    name: 'an owner on another machine counts as dead because this machine could take the lock',
    file: LOCK,
    from: 'const here = owner.boot === bootHere() || !this.#ports.shared(path.dirname(this.#file));',
    to: 'const here = true;',
    test: LOCK_TEST,
  },
  {
    name: 'a lock counts as expired before its owner had to renew it',
    file: LOCK,
    from: 'const until = clock.monotonicMs() + EXPIRES_MS;',
    to: 'const until = clock.monotonicMs() + 1;',
    test: LOCK_TEST,
  },
  {
    name: 'an owner does not notice its successor',
    file: LOCK,
    from: 'if (owner === null || owner.nonce === this.#nonce) return;',
    to: 'return;',
    test: LOCK_TEST,
  },
  {
    name: 'migrated rows that wait for the watermark stay in key group 0',
    file: 'src/engine/migration/migrate-pattern.ts',
    from: '    key.writeUInt16BE(groups.of(rows, 0), 3);\n',
    to: '',
    test: MIGRATION_TEST,
  },
  {
    name: 'timers after a migration have the sequences of migrated timers',
    file: 'src/engine/migration/migrate-pattern.ts',
    from: '  return timers.sequence;',
    to: '  return 0;',
    test: MIGRATION_TEST,
  },
  {
    name: 'an exact timer of the first layout becomes a cleanup timer',
    file: 'src/engine/migration/migrate-pattern.ts',
    from: "chunk.byte() === EXACT ? 'exact' : 'cleanup'",
    to: "chunk.byte() === EXACT ? 'cleanup' : 'cleanup'",
    test: MIGRATION_TEST,
  },
  {
    name: 'a cleanup timer of the first layout becomes an exact timer',
    file: 'src/engine/migration/migrate-pattern.ts',
    from: "chunk.byte() === EXACT ? 'exact' : 'cleanup'",
    to: "chunk.byte() === EXACT ? 'exact' : 'exact'",
    test: MIGRATION_TEST,
  },
  {
    name: 'a migrated session has no timer',
    file: 'src/engine/migration/migrate-sessions.ts',
    from: "      this.#timers.add(due, 'exact', key, KEY_AT);\n",
    to: '',
    test: MIGRATION_TEST,
  },
  {
    name: 'the tables of the first layout remain after the migration',
    file: 'src/engine/migration/first-layout.ts',
    from: '  await backend.deleteRange(from, to);\n',
    to: '',
    test: MIGRATION_TEST,
  },
  {
    name: 'a bucket of timers without a cleanup waits for one',
    file: 'src/engine/timers/key-timers.ts',
    from: 'if (over && hasCleanups) this.#overdueChunks',
    to: 'if (over) this.#overdueChunks',
    test: 'test/unit/engine/timers/key-timers.test.ts',
  },
  {
    name: 'the name of a new data directory is not durable',
    file: 'src/service/data-directory.ts',
    from: 'makeDurableDirectory(path.join(directory, part), disk);',
    to: 'disk.makeDirectory(path.join(directory, part));',
    test: 'test/unit/service/data-directory.test.ts',
  },
  {
    name: 'timers of several keys are written in one key group',
    file: 'src/engine/timers/timer-chunk.ts',
    from: 'const group = keyGroupOf(chunk.buffer, chunk.position - length, chunk.position);',
    to: 'const group = 0 * length;',
    test: KEY_GROUPS_TEST,
  },
  {
    name: 'the key group depends on more than the key',
    file: 'src/engine/state/entry-key.ts',
    from: '  return (hashBytes(bytes, start, end) >>> 0) % KEY_GROUPS;',
    to: '  return (hashBytes(bytes, 0, end) >>> 0) % KEY_GROUPS;',
    test: KEY_GROUPS_TEST,
  },
  {
    name: 'entries with equal places are not in the order of insertion',
    file: 'src/engine/state/ordered-entries.ts',
    from: 'return own > place || (own === place && this.sequences![slot]! > sequence);',
    to: 'return own >= place;',
    test: ORDERED_TEST,
  },
  {
    name: 'an entry that is read back may have the sequence of a new one',
    file: 'src/engine/state/ordered-entries.ts',
    from: '    if (sequence >= this.nextSequence) this.nextSequence = sequence + 1;\n',
    to: '',
    test: ORDERED_TEST,
  },
  {
    name: 'eviction takes single entries of a key of an ordered table',
    file: 'src/engine/state/ordered-entries.ts',
    from: 'slot = this.#next[slot]!) {\n        if ((flags[slot]! & DIRTY) !== 0) write(slot);',
    to: 'slot = NONE) {\n        if ((flags[slot]! & DIRTY) !== 0) write(slot);',
    test: ORDERED_TEST,
  },
  {
    name: 'the copy of the database lacks entries',
    file: 'src/service/store/sqlite-database.ts',
    from: '    for (const schema of SCHEMAS) {\n      this.#database\n        .prepare(`INSERT OR REPLACE',
    to: '    for (const schema of SCHEMAS.slice(0, 1)) {\n      this.#database\n        .prepare(`INSERT OR REPLACE',
    test: STORE_TEST,
  },
  {
    name: 'an entry that is missing from the database is not noticed',
    file: 'src/service/store/database-file.ts',
    from: 'if (digest.count !== summary.entries || digest.text !== summary.digest) {',
    to: 'if (digest.count > 1000) {',
    test: STORE_TEST,
  },
  {
    name: 'the older of two whole files is used',
    file: 'src/service/store/open-database.ts',
    from: 'b.inspection.generation > a.inspection.generation',
    to: 'b.inspection.generation < a.inspection.generation',
    test: STORE_TEST,
  },
  {
    name: 'the service starts with too little disk',
    file: 'src/service/store/open-database.ts',
    from: '  requireFreeSpace(directory, START_BYTES + 2 * used);\n',
    to: '',
    test: STORE_TEST,
  },
  {
    name: 'a damaged line of an old journal counts as torn',
    file: 'src/service/store/journal-file.ts',
    from: '      if (!isWhole(line)) {',
    to: "      if (!isWhole(line)) return '';\n      if (!isWhole(line)) {",
    test: 'test/unit/service/journal-migration.test.ts',
  },
  {
    name: 'a statement has an effect although it was not stored',
    file: 'src/service/store/service-store.ts',
    from: '    this.#write(writes);\n    for (const change of changes) this.apply(change);',
    to: '    for (const change of changes) this.apply(change);\n    this.#write(writes);',
    part: 'service',
  },
  {
    name: 'the end of a job that could not be stored is forgotten',
    file: ENDS,
    from: '      this.#waiting.set(job.id, job);\n',
    to: '',
    part: 'service',
  },
  {
    name: 'a job whose end could not be stored does not become FAILED',
    file: ENDS,
    from: '      job.endNotStored((error as Error).message);\n',
    to: '',
    part: 'service',
  },
  {
    name: 'a STOP is acknowledged before the end of the job is stored',
    file: 'src/service/service.ts',
    from: '    this.#ends.check(job.id);\n',
    to: '',
    part: 'service',
  },
  {
    name: 'a STOP is acknowledged while a start of the job is in doubt',
    file: 'src/service/service.ts',
    from: '    this.#store.requireCertainty();\n',
    to: '',
    part: 'service',
  },
  {
    name: 'the start of a job is not stored',
    file: 'src/service/service.ts',
    from: "      else this.#store.record({ kind: 'job', definition: job.definition });\n",
    to: '',
    part: 'service',
  },
  {
    name: 'a job that is started early gets a second thread later',
    file: 'src/service/managed-job.ts',
    from: '    if (this.#retry === null) return;\n    this.#retry();\n',
    to: '    if (this.#retry === null) return;\n',
    part: 'service',
  },
  {
    name: 'a STOP is acknowledged but not stored while the service ends',
    file: 'src/service/service.ts',
    from: 'else if (this.#closing === null || this.#stopping.has(job.id)) this.#ends.ended(job);',
    to: 'else if (this.#closing === null) this.#ends.ended(job);',
    part: 'service',
    seed: 2517,
  },
  {
    name: 'idle jobs keep more memory than there is',
    file: 'src/service/memory-shares.ts',
    from: 'const keeps = Math.min(1, left / Math.max(1, sum(kept)));',
    to: 'const keeps = 1;',
    test: SHARES_TEST,
  },
  {
    name: 'a busy job gets no more of the free memory than an idle one',
    file: 'src/service/memory-shares.ts',
    from: 'uses.map((use) => (use.busy ? BUSY_WEIGHT : 1));',
    to: 'uses.map(() => 1);',
    test: SHARES_TEST,
  },
  {
    name: 'more jobs start than the memory allows',
    file: 'src/service/memory-shares.ts',
    from: '+ more * IDLE_MIN <= this.budgetBytes) return;',
    to: '<= this.budgetBytes * 2) return;',
    test: SHARES_TEST,
  },
  {
    name: 'an isolated job shares a thread',
    file: THREADS,
    from: 'const thread = spec.alone ?',
    to: 'const thread = spec.alone && this.count > 99 ?',
    test: POOL_TEST,
  },
  {
    name: 'a new job gets any thread',
    file: THREADS,
    from: 'const [least] = threads.sort((a, b) => loads.get(a)! - loads.get(b)! || a.jobs - b.jobs);',
    to: 'const [least] = threads.slice(loads.size - threads.length);',
    test: PLACEMENT_TEST,
  },
  {
    name: 'the number of jobs of a thread counts more than its load',
    file: THREADS,
    from: 'loads.get(a)! - loads.get(b)! || a.jobs - b.jobs',
    to: 'a.jobs - b.jobs || loads.get(a)! - loads.get(b)!',
    test: PLACEMENT_TEST,
  },
  {
    name: 'a new job gets a thread that was told to end',
    file: THREADS,
    from: '!thread.alone && !thread.ending',
    to: '!thread.alone',
    part: 'service',
  },
  {
    name: 'the limit of time of a job that has ended ends the thread of other jobs',
    file: HOST,
    from: '    this.#timer?.();\n    this.#timer = null;\n    const gone',
    to: '    const gone',
    part: 'service',
  },
  {
    name: 'a job that does not end on request keeps its thread for ever',
    file: HOST,
    from: 'this.#timer = this.#scheduler.after(how',
    to: 'if (cancelMs < 0) this.#timer = this.#scheduler.after(how',
    part: 'service',
  },
  {
    name: 'a copy of the store that failed is not tried again',
    file: STORE_COPY,
    from: '      this.#retry = this.#scheduler.after(RETRY_MS',
    to: '      if (RETRY_MS < 0) this.#retry = this.#scheduler.after(RETRY_MS',
    part: 'service',
  },
  {
    name: 'a damaged copy of the store is used',
    file: STORE_COPY,
    from: "readLine<Content>((await this.#storage.readManifest(epoch)).toString('utf8').trimEnd());",
    to: "JSON.parse((await this.#storage.readManifest(epoch)).toString('utf8').slice(17)) as Content | null;",
    part: 'service',
  },
  {
    name: 'a data directory that took the service over forgets what it stored since',
    file: STORE_COPY,
    from: '    if (own && takenEpoch === this.#epoch) return;\n',
    to: '',
    part: 'service',
  },
  {
    name: 'the name of a data directory is not durable',
    file: 'src/service/store/copy-files.ts',
    from: 'await this.#disk.write(fresh, Buffer.from(text), true);',
    to: 'await this.#disk.write(fresh, Buffer.from(text), false);',
    part: 'service',
  },
  {
    name: 'a text may compile as long as it takes',
    file: 'src/service/compile/compile-thread.ts',
    from: '      if (this.#ready) this.#startTimer();\n',
    to: '',
    test: COMPILE_TEST,
  },
  {
    name: 'the answer to a text may have any size',
    file: 'src/service/compile/compile-worker.ts',
    from: 'if (!isLargerThan(reply, REPLY_BYTES_MAX)) return reply;',
    to: 'if (REPLY_BYTES_MAX > 0) return reply;',
    test: COMPILE_TEST,
  },
  {
    name: 'a large entry is not counted',
    file: 'src/engine/state/entries-size.ts',
    from: '  entries.large.set(slot, sum);\n',
    to: '',
    test: LARGE_TEST,
  },
  {
    name: 'a batch reads any number of large entries',
    file: 'src/engine/state/cached-state-store.ts',
    from: '      this.#lookups.evicted(large.largest, this.#budgetBytes);\n',
    to: '',
    test: LARGE_TEST,
  },
  {
    name: 'the state of one key may have any size',
    file: 'src/engine/state/entry-limit.ts',
    from: 'if (bytes <= this.#bytes) return;',
    to: 'if (bytes > 0) return;',
    test: LARGE_TEST,
  },
  {
    name: 'large entries are encoded all at once',
    file: 'src/engine/state/entry-writes.ts',
    from: 'count < slots.length && writer.position < PIECE_BYTES;',
    to: 'count < slots.length;',
    test: LARGE_TEST,
  },
  {
    name: 'requests that arrive together begin together',
    file: 'src/http/fair-turns.ts',
    from: 'if (this.#hasTime()) this',
    to: 'if (this.#turnMs >= 0) this',
    test: BURST_TEST,
  },
  {
    name: 'bodies that arrive together are parsed together',
    file: 'src/http/json-bodies.ts',
    from: 'turns.run(() => read(request, body as Buffer, done));',
    to: 'read(request, body as Buffer, done);',
    test: BURST_TEST,
  },
  {
    name: 'one partial match has two places in the list',
    file: 'src/engine/match/nfa-matcher.ts',
    from: 'this.#retained[this.#retainedCount++] = { ...successor };',
    to: 'this.#retained[this.#retainedCount++] = successor;',
    test: 'test/fuzz/fuzz-match.test.ts',
  },
  {
    name: 'a connection is closed before its request can arrive',
    file: 'src/http/connection-budget.ts',
    from: '>= this.#arrivalMs ? socket : null',
    to: '>= 0 ? socket : null',
    test: BURST_TEST,
  },
  {
    name: 'a renamed file of a directory of splits is read again',
    file: 'src/connectors/filesystem/file-splits.ts',
    from: '        this.#refuseRenamed(file, renamed.earlierName(file));\n',
    to: '',
    test: 'test/unit/connectors/filesystem/rotation.test.ts',
  },
];
