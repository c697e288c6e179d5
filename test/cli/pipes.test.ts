/** Tests tables and SQL text that come from standard input, and tables that read named pipes. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-pipes-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

function sequitur(input: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: root, timeout: 20_000, input });
  return { code: run.status, out: run.stdout, err: run.stderr };
}
const table = (name: string, options: string): string =>
  `CREATE TABLE ${name} (v INT) WITH ('connector' = 'filesystem', 'format' = 'json', ${options});\n`;
const SELECT = 'SELECT v FROM t;';
function write(name: string, text: string): string {
  fs.writeFileSync(path.join(root, name), text);
  return name;
}
const lines = (count: number): string => Array.from({ length: count }, (_, i) => `{"v":${i}}\n`).join('');

/** Opens a pipe for writing when the other side reads it. */
async function openForWriting(pipe: string): Promise<number> {
  for (;;) {
    try {
      return fs.openSync(pipe, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe('standard input', () => {
  for (const where of ['-', '/dev/stdin']) {
    it(`is the input of a table with the path ${where}`, () => {
      const file = write('in.sql', table('t', `'path' = '${where}'`) + SELECT);
      const { code, out } = sequitur(lines(30_000).trimEnd(), 'run', file, '--output', 'jsonl');
      assert.equal(code, 0);
      assert.equal(out, lines(30_000));
    });
  }

  it('is refused with a checkpoint directory, since its position cannot be restored', () => {
    const insert = `${table('t', "'path' = '-'")}${table('o', "'path' = 'out'")}INSERT INTO o ${SELECT}`;
    const { code, err } = sequitur(lines(3), 'run', write('insert.sql', insert), '--checkpoint-dir', 'c');
    assert.equal(code, 1);
    assert.match(err, /table t cannot read standard input: its position cannot be restored .* --checkpoint-dir/);
    assert.equal(sequitur(lines(3), 'run', 'insert.sql').code, 0);
  });

  it('cannot be followed, and has no metadata', () => {
    const followed = write('f.sql', table('t', "'path' = '-', 'source.monitor-interval' = '1 s'") + SELECT);
    assert.match(
      sequitur('', 'run', followed).err,
      /cannot read standard input: .* leave out 'source.monitor-interval'/,
    );
    const named = write(
      'm.sql',
      table('t', "'path' = '-'").replace('v INT', "v STRING METADATA FROM 'file.name'") + SELECT,
    );
    assert.match(sequitur('', 'run', named).err, /standard input has no 'file\.name'/);
  });

  it('has an error with its line', () => {
    const file = write('in.sql', table('t', "'path' = '-'") + SELECT);
    assert.match(sequitur(`${lines(3)}{"v":"x"}\n`, 'run', file).err, /standard input:4: table t: column `v`/);
  });

  it('may be the SQL text, but not the input of a table as well', () => {
    write('rows.jsonl', lines(2));
    const { code, out } = sequitur(table('t', "'path' = 'rows.jsonl'") + SELECT, 'run', '-', '--output', 'jsonl');
    assert.deepEqual([code, out], [0, lines(2)]);
    const both = sequitur(table('t', "'path' = '-'") + SELECT, 'run', '-');
    assert.match(both.err, /table t cannot read standard input: the SQL text has read it/);
  });
});

describe('a named pipe', () => {
  it('is read to its end', async () => {
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    const file = write('p.sql', table('t', "'path' = 'pipe'") + SELECT);
    const run = spawn(process.execPath, [main, 'run', file, '--output', 'jsonl'], { cwd: root });
    let out = '';
    run.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => run.once('close', resolve));
    await fs.promises.writeFile(path.join(root, 'pipe'), lines(5000));
    assert.equal(await ended, 0);
    assert.equal(out, lines(5000));
  });

  it('whose writer is silent does not keep the program from stopping', async () => {
    execFileSync('mkfifo', [path.join(root, 'silent')]);
    const file = write('s.sql', table('t', "'path' = 'silent'") + SELECT);
    const run = spawn(process.execPath, [main, 'run', file], { cwd: root, stdio: 'ignore' });
    const ended = new Promise((resolve) => run.once('close', resolve));
    const writer = await openForWriting(path.join(root, 'silent'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    run.kill('SIGINT');
    const kept = setTimeout(() => run.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(kept);
    fs.closeSync(writer);
    assert.equal(run.signalCode, null);
  });
});
