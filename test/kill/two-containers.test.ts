/**
 * Two processes in two process id namespaces, on one volume: the two containers of a deployment
 * that starts the new one before the old one has ended. Neither sees the process id of the other.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newPidNamespace, skipWithoutNamespaces } from '../support/pid-namespace.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const LONGEST_MS = 40_000;

interface Container {
  readonly process: ChildProcess;
  /** Both streams. */
  text: string;
  readonly ended: Promise<number | null>;
}

describe('two containers on one volume', { skip: skipWithoutNamespaces(), timeout: 120_000 }, () => {
  let root: string;
  let started: Container[];

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-containers-'));
    started = [];
  });
  afterEach(async () => {
    for (const { process: child } of started) child.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    fs.rmSync(root, { recursive: true, force: true });
  });

  function container(...args: readonly string[]): Container {
    const [command, ...namespace] = newPidNamespace()!;
    const child = spawn(command!, [...namespace, process.execPath, main, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const one: Container = {
      process: child,
      text: '',
      ended: new Promise((resolve) => child.on('close', (code) => resolve(code))),
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        one.text += text.toString();
      });
    }
    started.push(one);
    return one;
  }

  async function says(one: Container, what: RegExp, since = Date.now()): Promise<RegExpExecArray> {
    for (;;) {
      const found = what.exec(one.text);
      if (found !== null) return found;
      assert.ok(Date.now() - since < LONGEST_MS, `${what} in ${one.text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('runs one service; the second is refused, and gets the directory as soon as the first is killed', async () => {
    const flags = ['serve', '--port', '0', '--data-dir', 'data'];
    const before = Date.now();
    const first = container(...flags);
    const [, url] = await says(first, /running at (http:\S+)/);
    const usualMs = Date.now() - before;
    const reply = await fetch(`${url}/v1/statements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: "CREATE TABLE kept (id INT) WITH ('connector' = 'print');" }),
    });
    assert.equal(reply.status, 200, await reply.text());
    const second = container(...flags);
    assert.equal(await second.ended, 1);
    assert.match(second.text, /JOB_LOCKED.* is in use by process \d+ on /);
    first.process.kill('SIGKILL');
    await first.ended;
    const since = Date.now();
    const third = container(...flags);
    const [, again] = await says(third, /running at (http:\S+)/);
    const blockedMs = Date.now() - since - usualMs;
    assert.ok(blockedMs < 10_000, `the lock of a dead owner blocked for ${blockedMs} ms`);
    const shown = await fetch(`${again}/v1/statements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SHOW TABLES;' }),
    });
    assert.match(await shown.text(), /kept/);
  });

  it('runs one job; the second `run` is refused, and gets the job as soon as the first is killed', async () => {
    fs.writeFileSync(path.join(root, 't.jsonl'), '{"k":"a"}\n');
    fs.writeFileSync(
      path.join(root, 'q.sql'),
      `CREATE TABLE t (k STRING) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
CREATE TABLE o (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'o', 'format' = 'debezium-json');
INSERT INTO o SELECT k, COUNT(*) FROM t GROUP BY k;`,
    );
    const flags = ['run', 'q.sql', '--checkpoint-dir', 'cp', '--checkpoint-interval', '50ms'];
    const manifests = path.join(root, 'cp/q.o/manifests');
    const newest = (): number =>
      fs.existsSync(manifests) ? Math.max(0, ...fs.readdirSync(manifests).map((n) => Number.parseInt(n, 10))) : 0;
    const until = async (epoch: number, one: Container): Promise<void> => {
      const since = Date.now();
      while (newest() < epoch) {
        assert.ok(Date.now() - since < LONGEST_MS, `no checkpoint ${epoch}: ${one.text}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const first = container(...flags);
    await until(1, first);
    const second = container(...flags);
    assert.equal(await second.ended, 1);
    assert.match(second.text, /JOB_LOCKED.* is in use by process \d+ on /);
    await until(newest() + 2, first);
    first.process.kill('SIGKILL');
    await first.ended;
    const third = container(...flags);
    await until(newest() + 2, third);
  });
});
