import fs from 'node:fs';
import path from 'node:path';
import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import { type Manifest, type SubtaskState, stateFilesOf } from '../../engine/checkpoint/manifest.ts';
import { readManifest } from '../../engine/checkpoint/restore.ts';
import { readSourceSnapshot } from '../../engine/checkpoint/source-snapshot.ts';
import {
  type DeclaredTable,
  declaredTables,
  tableEntries,
  tableNamed,
  tableSizes,
} from '../../engine/inspect/inspect-state.ts';
import { migrateState } from '../../engine/migration/migrate-state.ts';
import { ONLY_SPLIT } from '../../engine/source.ts';
import { openCheckpointState } from '../../engine/state/open-backend.ts';
import { RocksdbBackend } from '../../engine/state/rocksdb/rocksdb-backend.ts';
import type { StateBackend } from '../../engine/state/state-backend.ts';
import { writeJsonValue } from '../../formats/value-text.ts';
import { LocalStorage } from '../../storage/local/local-storage.ts';
import { plainJson } from '../output/plain-json.ts';
import { type StateSummary, stateText } from '../output/state-text.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

export interface StateFlags {
  readonly table?: string;
  readonly json?: boolean;
}

const ROCKSDB_BYTES = 32 << 20;

/**
 * Runs `sequitur state inspect PATH`. Reads a checkpoint or savepoint on the local disk and changes
 * nothing. A running job is not affected.
 */
export async function inspectStateCommand(place: string, flags: StateFlags): Promise<number> {
  const { storage, epoch } = await locate(place);
  const manifest = await readManifest(storage, epoch);
  const backends: StateBackend[] = [];
  try {
    for (const state of manifest.state.subtasks) backends.push(await openState(storage, manifest, state));
    const tables = await declaredTables(manifest);
    if (flags.table !== undefined) {
      const table = tableNamed(tables, flags.table);
      for (const backend of backends) await dump(backend, table);
    } else {
      const summary = summaryOf(manifest, await tableSizes(backends, tables));
      const json = flags.json === true || process.stdout.isTTY !== true;
      await write(json ? `${JSON.stringify(summary)}\n` : stateText(summary));
    }
  } finally {
    for (const backend of backends) await backend.close();
  }
  return 0;
}

/**
 * Finds a checkpoint. `place` is the path of a manifest, or the directory of a job. For a directory
 * finds the job's newest checkpoint.
 */
async function locate(place: string): Promise<{ readonly storage: LocalStorage; readonly epoch: number }> {
  const named = /^(\d+)\.json$/.exec(path.basename(place));
  if (named !== null) {
    return { storage: new LocalStorage(path.resolve(path.dirname(place), '..')), epoch: Number(named[1]) };
  }
  const storage = new LocalStorage(path.resolve(place));
  const newest = (await storage.listManifests()).at(-1);
  if (newest !== undefined) return { storage, epoch: newest };
  throw new EngineError(
    'CHECKPOINT_NOT_FOUND',
    `there is no checkpoint in ${storage.location}; give the directory of a job, or a file in its directory manifests`,
    { place },
  );
}

/** Opens verified copies or links of a subtask's state files in a temporary directory. */
async function openState(storage: LocalStorage, manifest: Manifest, state: SubtaskState): Promise<StateBackend> {
  const directory = path.join(temporaryDirectory(), `inspected-${state.subtask}`);
  fs.mkdirSync(directory);
  const { files } = state;
  for (const { name, sha256, length } of files) {
    // The back end may write to the files that it opens. Only files that never change are linked.
    // All other files are copied.
    await storage.fetchData(sha256, length, path.join(directory, name), name.endsWith('.sst'));
  }
  const stored = { backend: manifest.state.backend, names: files.map(({ name }) => name) };
  const backend = await openCheckpointState(stored, directory, systemDisk, (place) =>
    RocksdbBackend.open(place, ROCKSDB_BYTES),
  );
  await migrateState(manifest, backend);
  return backend;
}

async function dump(backend: StateBackend, table: DeclaredTable): Promise<void> {
  const texts = table.spec.key.map((type) => writeJsonValue(type));
  let lines = '';
  for await (const { key, time, place, values } of tableEntries(backend, table)) {
    const at = time !== null ? `"time":${time},` : place !== null ? `"place":${place},` : '';
    lines += `{${at}"key":[${texts.map((text, i) => text(key[i])).join(',')}],"values":${plainJson(values)}}\n`;
    if (lines.length < 65536) continue;
    await write(lines);
    lines = '';
  }
  await write(lines);
}

function summaryOf(manifest: Manifest, tables: StateSummary['tables']): StateSummary {
  const { job, epoch, createdAt, savepoint, finished, state, sources } = manifest;
  return {
    job,
    checkpoint: epoch,
    createdAt: new Date(createdAt).toISOString(),
    savepoint: savepoint ?? null,
    finished,
    backend: state.backend,
    fileBytes: stateFilesOf({ state }).reduce((sum, file) => sum + file.length, 0),
    sources: Object.entries(sources).flatMap(([name, source]) =>
      Object.entries(readSourceSnapshot(source).splits).map(([id, split]) => ({
        name,
        ...(id === ONLY_SPLIT ? {} : { split: id }),
        ...split,
      })),
    ),
    tables,
  };
}

/** Writes text to standard output. Waits for a slow reader. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
