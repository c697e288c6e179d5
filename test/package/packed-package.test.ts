/**
 * Tests the packed package in an empty folder. A program is type-checked against its declarations
 * and run, and so is each command of the CLI. `.ci/run` does the same with the package installed by
 * npm.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/service-fixture.ts';
import { installPackage } from './installed-package.ts';

const root = path.join(import.meta.dirname, '../..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

const QUERY = `CREATE TABLE t (id INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
    WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
  CREATE TABLE big (id INT, first_v INT, last_v INT)
    WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv');
  INSERT INTO big SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY id ORDER BY ts
    MEASURES A.v AS first_v, B.v AS last_v AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE B AS B.v > A.v) AS m;`;
const ROWS = [2, 40, 3].map((v, at) => JSON.stringify({ id: 1, v, ts: `2026-11-02 09:00:0${at}` })).join('\n');

describe('the packed package', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-package-'));
  let installed: string;
  let cli: string;
  before(async () => {
    installed = await installPackage(folder);
    cli = path.join(installed, 'dist/src/cli/main.js');
    fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    fs.writeFileSync(path.join(folder, 'q.sql'), QUERY);
    fs.writeFileSync(path.join(folder, 't.jsonl'), `${ROWS}\n`);
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  function node(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, `${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }
  const sequitur = (...args: string[]): string => node(cli, ...args);

  it('type-checks and runs a program', () => {
    fs.copyFileSync(path.join(import.meta.dirname, 'program.ts'), path.join(folder, 'program.ts'));
    fs.copyFileSync(path.join(import.meta.dirname, 'tsconfig.user.json'), path.join(folder, 'tsconfig.json'));
    node(tsc, '-p', '.');
    assert.equal(node('program.ts'), '4711 1899.00\n');

    fs.writeFileSync(path.join(folder, 'program.ts'), "import { run } from 'sequitur';\nawait run(42);\n");
    const wrong = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' });
    assert.match(wrong.stdout, /error TS2345/, 'the declarations say what `run` takes');
  });

  it('runs each command that needs no service', () => {
    assert.match(sequitur('--version'), /^\d+\.\d+\.\d+\n$/);
    assert.match(sequitur('check', 'q.sql'), /q\.sql/);
    assert.match(sequitur('check', '--compare-semantics', 'q.sql'), /q\.sql/);
    assert.match(sequitur('explain', 'q.sql'), /match/i);
    assert.match(sequitur('config'), /state\.memory/);
    sequitur('run', 'q.sql', '--checkpoint-dir', 'checkpoints');
    const parts = fs.readdirSync(path.join(folder, 'out')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(
      parts.map((name) => fs.readFileSync(path.join(folder, 'out', name), 'utf8')),
      ['1,2,40\n'],
    );
    assert.match(sequitur('state', 'inspect', 'checkpoints/q.big'), /entries/);
    assert.match(sequitur('test', path.join(installed, 'patterns/price-dips')), /1 of 1|1 passed|ok/);
    fs.writeFileSync(
      path.join(folder, 'select.sql'),
      `${QUERY.slice(0, QUERY.indexOf('CREATE TABLE big'))} SELECT v FROM t;`,
    );
    assert.match(sequitur('run', 'select.sql', '--output', 'table'), /┌[\s\S]* 40 [\s\S]*3 rows/);
  });

  it('restores a state log into RocksDB', () => {
    const flags = ['--checkpoint-dir', 'restored', '--state', 'rocksdb'];
    sequitur('run', 'q.sql', ...flags);
    sequitur('run', 'q.sql', ...flags, '--restore', '1');
  });

  it('serves its page, runs a job in a worker and takes a savepoint of it', { timeout: 60_000 }, async () => {
    const pattern = 'patterns/account-balances';
    fs.cpSync(path.join(installed, pattern), path.join(folder, pattern), { recursive: true });
    const service = spawn(process.execPath, [cli, 'serve', '--demo', '--port', '0'], { cwd: folder });
    let text = '';
    for (const stream of [service.stdout, service.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    try {
      await until('the address', () => /running at (http:\S+)\n/.test(text), 30_000);
      const url = /running at (http:\S+)\n/.exec(text)![1]!;
      assert.match(await (await fetch(url)).text(), /<html/);
      await until('the output of a job', () => /"msg":"output"/.test(text), 30_000);
      const { jobs } = (await (await fetch(`${url}/v1/jobs`)).json()) as { jobs: { id: string; state: string }[] };
      const { id } = jobs.find(({ state }) => state === 'RUNNING')!;
      sequitur('savepoint', 'take', id, '--url', url);
    } finally {
      service.kill('SIGKILL');
    }
  });

  it('shows the shipped patterns as a demo in an empty folder', { timeout: 60_000 }, async () => {
    const empty = fs.mkdtempSync(path.join(folder, 'empty-'));
    const service = spawn(process.execPath, [cli, 'serve', '--demo', '--port', '0'], { cwd: empty });
    let text = '';
    for (const stream of [service.stdout, service.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    try {
      await until('the address', () => /running at (http:\S+)\n/.test(text), 30_000);
      const url = /running at (http:\S+)\n/.exec(text)![1]!;
      const shipped = fs.readdirSync(path.join(installed, 'patterns')).filter((name) => !name.endsWith('.md'));
      let names: string[] = [];
      for (let n = 0; n < 200 && names.length < shipped.length; n++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const { patterns } = (await (await fetch(`${url}/v1/patterns`)).json()) as { patterns: { name: string }[] };
        names = patterns.map(({ name }) => name);
      }
      assert.deepEqual(names.sort(), shipped.sort());
      assert.ok(!fs.existsSync(path.join(empty, 'patterns')));
      await until('the output of a job', () => /"msg":"output"/.test(text), 30_000);
      const { jobs } = JSON.parse(sequitur('jobs', '--url', url)) as { jobs: unknown[] };
      assert.ok(jobs.length > 0);
    } finally {
      service.kill('SIGKILL');
    }
  });

  it('has every file that a chunk imports, and the workers', () => {
    const dist = path.join(installed, 'dist');
    const files = fs.readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    const lazy = new Set<string>();
    for (const file of files) {
      const code = fs.readFileSync(path.join(dist, file), 'utf8');
      assert.doesNotMatch(code, /__TO_OUTPUT__/);
      for (const [, form, target] of code.matchAll(/\b(import\(|from )"(\.[^"]+)"/g)) {
        const name = path.join(path.dirname(file), target!);
        assert.ok(files.includes(name), `${file} imports ${target}`);
        if (form === 'import(') lazy.add(path.basename(name).replace(/-[0-9A-Z]{8}\.js$/, ''));
      }
    }
    for (const worker of ['worker/job-worker', 'compile/compile-worker']) {
      assert.ok(files.includes(`src/service/${worker}.js`), worker);
    }
    const wanted = ['run', 'serve', 'app', 'savepoint', 'match', 'migrate-state', 'rocksdb-backend', 'table-writer'];
    assert.deepEqual(
      wanted.filter((name) => !lazy.has(name)),
      [],
    );
  });

  it('starts a run with few modules and without the packages that it does not need', () => {
    const hook = path.join(import.meta.dirname, 'count-modules.ts');
    fs.writeFileSync(
      path.join(folder, 'copy.sql'),
      QUERY.replace(/INSERT[^;]*/, 'INSERT INTO big SELECT id, v, v FROM t'),
    );
    const loaded = JSON.parse(node('--import', hook, cli, 'run', 'copy.sql')) as string[];
    assert.ok(loaded.length <= 8, loaded.join('\n'));
    assert.deepEqual(
      loaded.filter((url) => !url.includes('/sequitur/dist/')),
      [],
    );
  });
});
