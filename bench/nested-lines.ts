/**
 * Compares the rate of nested JSON lines with that of the same fields in flat lines.
 *
 *     node bench/nested-lines.ts [--rows 1000000] [--reps 3] [--dir DIR] [--cli FILE]
 *
 * Both files have the same values. In the flat file each value has a separate key
 * (`payload_commits_0_sha`). Both queries read the same fields into a black hole. CPU seconds and
 * rates are those of the whole process.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { randomOf } from './generate.ts';
import { type Json, NESTED_SHAPES, type NestedShape } from './nested-shapes.ts';

const here = import.meta.dirname;
const built = path.join(here, '../dist/src/cli/main.js');
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    reps: { type: 'string', default: '3' },
    dir: { type: 'string', default: path.join(os.tmpdir(), 'sequitur-bench') },
    cli: { type: 'string', default: fs.existsSync(built) ? built : path.join(here, '../src/cli/main.ts') },
  },
});
const rows = Number(values.rows);
type Form = 'nested' | 'flat';

function* leaves(value: Json | undefined, key: string): Generator<readonly [key: string, value: Json]> {
  if (value === undefined) return;
  if (value === null || typeof value !== 'object') yield [key, value];
  else for (const [name, item] of Object.entries(value)) yield* leaves(item, key === '' ? name : `${key}_${name}`);
}

function inputFile(shape: NestedShape, form: Form): string {
  const file = path.join(values.dir, `${shape.name.replaceAll(' ', '-')}-${form}-${rows}.jsonl`);
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(values.dir, { recursive: true });
  const random = randomOf(1);
  const fd = fs.openSync(`${file}.new`, 'w');
  let block = '';
  for (let i = 0; i < rows; i++) {
    const event = shape.event(i, random);
    block += `${JSON.stringify(form === 'nested' ? event : Object.fromEntries(leaves(event, '')))}\n`;
    if (block.length > 1 << 20 || i === rows - 1) {
      fs.writeSync(fd, block);
      block = '';
    }
  }
  fs.closeSync(fd);
  fs.renameSync(`${file}.new`, file);
  return file;
}

function queryOf(shape: NestedShape, form: Form): string {
  const flat = (name: string): string => `\`${name.replaceAll('.', '_')}\``;
  const nested = (name: string): string =>
    name
      .split('.')
      .map((part) => `\`${part}\``)
      .join('.');
  const columns =
    form === 'nested' ? shape.columns : shape.reads.map(([name, type]) => `${flat(name)} ${type}`).join(', ');
  const results = shape.reads.map(([name, type]) => `${flat(name)} ${type}`).join(', ');
  const selected = shape.reads.map(([name]) => (form === 'nested' ? nested(name) : flat(name))).join(', ');
  return `CREATE TABLE events (${columns})
WITH ('connector' = 'filesystem', 'path' = '${inputFile(shape, form)}', 'format' = 'json'${shape.options ?? ''});
CREATE TABLE results (${results}) WITH ('connector' = 'blackhole');
INSERT INTO results SELECT ${selected} FROM events;
`;
}

function measure(shape: NestedShape, form: Form): { readonly seconds: number; readonly cpuSeconds: number } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-bench-run-'));
  const sql = path.join(directory, 'query.sql');
  fs.writeFileSync(sql, queryOf(shape, form));
  const since = performance.now();
  const run = spawnSync(process.execPath, [path.join(here, 'measure.ts'), values.cli, 'run', sql], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - since) / 1000;
  const usage = /^usage (.*)$/m.exec(run.stderr);
  if (run.status !== 0 || usage === null) throw new Error(run.stderr);
  fs.rmSync(directory, { recursive: true });
  return { seconds, cpuSeconds: (JSON.parse(usage[1]!) as { cpuSeconds: number }).cpuSeconds };
}

console.log('| shape | nested K rows/s | flat K rows/s | ratio | nested CPU s | flat CPU s | ratio |');
console.log('|---|---:|---:|---:|---:|---:|---:|');
for (const shape of NESTED_SHAPES) {
  const best = { nested: [Infinity, Infinity], flat: [Infinity, Infinity] };
  for (let rep = 0; rep < Number(values.reps); rep++) {
    for (const form of ['nested', 'flat'] as const) {
      const { seconds, cpuSeconds } = measure(shape, form);
      best[form] = [Math.min(best[form][0]!, seconds), Math.min(best[form][1]!, cpuSeconds)];
    }
  }
  const [[nested, nestedCpu], [flat, flatCpu]] = [best.nested as [number, number], best.flat as [number, number]];
  const rate = (seconds: number): number => Math.round(rows / seconds / 1000);
  console.log(
    `| ${shape.name} | ${rate(nested)} | ${rate(flat)} | ${(flat / nested).toFixed(2)} | ${nestedCpu.toFixed(2)} | ${flatCpu.toFixed(2)} | ${(flatCpu / nestedCpu).toFixed(2)} |`,
  );
}
