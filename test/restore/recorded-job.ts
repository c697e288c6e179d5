import fs from 'node:fs';
import path from 'node:path';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../src/connectors/connector-registry.ts';
import type { JobSetup } from '../../src/engine/job/job-setup.ts';
import { LocalStorage } from '../../src/storage/local/local-storage.ts';

export interface RecordedJobMemory {
  readonly memoryBytes: number;
  /**
   * The number of rows that each batch counts as when the job decides whether to check its memory.
   */
  readonly batchRows: number;
}

const AMPLE: RecordedJobMemory = { memoryBytes: 64 << 20, batchRows: 8 };
/** Memory that is so small, and checked after each batch, that state goes to the back end. */
export const SPILLING: RecordedJobMemory = { memoryBytes: 8 << 10, batchRows: 1 << 16 };

/**
 * Opens the job of a directory `<backend>-<name>` with `query.sql` and `input/`. Its checkpoints
 * are in `checkpoints/`, and its output is in `out/`.
 */
export function recordedJob(directory: string, memory: RecordedJobMemory = AMPLE): JobSetup {
  const { statements, diagnostics } = compile(fs.readFileSync(path.join(directory, 'query.sql'), 'utf8'), {
    fileName: 'recorded',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: {},
  });
  const statement = statements.find((s) => s.kind === 'job');
  if (statement === undefined) throw new Error(JSON.stringify(diagnostics));
  const backend = path.basename(directory).startsWith('rocksdb-') ? 'rocksdb' : 'memory';
  return {
    id: 'recorded',
    plan: statement.plan,
    random: () => 0.5,
    batchRows: memory.batchRows,
    state: { backend, memoryBytes: memory.memoryBytes, directory: path.join(directory, 'live') },
    checkpoints: {
      storage: new LocalStorage(path.join(directory, 'checkpoints'), path.join(directory, 'work')),
      retained: 1,
    },
    endpoints: (request) => tableEndpoints({ baseDirectory: directory })({ ...request, batchRows: 8 }),
  };
}

/** Returns the visible lines of output, sorted. */
export function outputLines(directory: string): string[] {
  const out = path.join(directory, 'out');
  const parts = fs.existsSync(out) ? fs.readdirSync(out).filter((name) => !name.startsWith('.')) : [];
  return parts.flatMap((part) => fs.readFileSync(path.join(out, part), 'utf8').split('\n').slice(0, -1)).sort();
}
