import assert from 'node:assert/strict';
import fs from 'node:fs';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import type { JobFleet } from '../../src/service/job-fleet.ts';
import type { ManagedJob } from '../../src/service/managed-job.ts';

/** Compiles a text with one job, and adds the job to a fleet. Paths are relative to `directory`. */
export function addJob(
  fleet: JobFleet,
  directory: string,
  id: string,
  text: string,
  settings: Readonly<Record<string, string>>,
): ManagedJob {
  const result = compile(text, {
    fileName: 'test',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: { 'execution.checkpointing.interval': '50 ms', ...settings },
  });
  const job = result.statements.find((s) => s.kind === 'job');
  assert.ok(job !== undefined, JSON.stringify(result.diagnostics));
  return fleet.add({
    id,
    origin: 'http',
    plan: job.plan,
    settings: result.settings,
    createdAt: 0,
    baseDirectory: directory,
    roots: null,
    preview: false,
    demo: null,
  });
}

/** Returns the number of lines in the visible files of a directory. */
export function linesIn(directory: string): number {
  return fs
    .readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .reduce((sum, name) => sum + fs.readFileSync(`${directory}/${name}`, 'utf8').split('\n').length - 1, 0);
}
