/** The disk of a running service is full while a job ends. The disk is a small tmpfs. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const MOUNTED = 'mount -t tmpfs -o size=8m tmpfs "$1" && shift && exec "$@"';

const skip =
  spawnSync('unshare', ['-Urm', 'bash', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0
    ? false
    : 'unshare may not mount a file system here';
if (skip !== false) console.log(`skipped: ${skip}`);

interface Health {
  readonly status: string;
  readonly problems: readonly string[];
}

describe('a service on a full disk', { skip, timeout: 120_000 }, () => {
  let root: string;
  let service: ChildProcess;
  let url: string;
  let text = '';

  beforeEach(async () => {
    text = '';
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-full-'));
    fs.mkdirSync(path.join(root, 'disk'));
    fs.mkdirSync(path.join(root, 'data'));
    fs.writeFileSync(path.join(root, 'data/t.jsonl'), '{"k":"a"}\n');
    const serve = [process.execPath, main, 'serve', '--port', '0', '--data-dir', 'disk/service'];
    service = spawn('unshare', ['-Urm', 'bash', '-c', MOUNTED, 'bash', path.join(root, 'disk'), ...serve], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [service.stdout!, service.stderr!])
      stream.on('data', (more: Buffer) => {
        text += more.toString();
      });
    url = await until('it listens', () => /running at (http:\S+)/.exec(text)?.[1] ?? null);
  });
  afterEach(async () => {
    const ended = new Promise((resolve) => service.on('close', resolve));
    if (service.exitCode === null) {
      service.kill('SIGKILL');
      await ended;
    }
    fs.rmSync(root, { recursive: true, force: true });
  });

  async function until<T>(what: string, found: () => T | null | Promise<T | null>): Promise<T> {
    for (let i = 0; i < 1000; i++) {
      const value = await found();
      if (value !== null) return value;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${what}: ${text}`);
  }
  const submit = async (sql: string): Promise<{ status: number; body: string }> => {
    const reply = await fetch(`${url}/v1/statements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql }),
    });
    return { status: reply.status, body: await reply.text() };
  };
  const get = async <T>(place: string): Promise<T> => (await (await fetch(`${url}${place}`)).json()) as T;

  it('refuses to start with figures, and keeps what it knew', async () => {
    assert.equal((await submit("CREATE TABLE u (k STRING) WITH ('connector' = 'blackhole');")).status, 200);
    const disk = path.join(root, 'again');
    fs.cpSync(`/proc/${service.pid}/root${root}/disk`, disk, { recursive: true });
    const files = (): readonly (readonly [string, string])[] =>
      ['service.sqlite', 'service-copy.sqlite'].map((name) => [
        name,
        fs.readFileSync(path.join(disk, 'service', name), 'base64'),
      ]);
    const before = files();
    const full = `mount -t tmpfs -o size=2m tmpfs "$1" && cp -a "$2/." "$1" && dd if=/dev/zero of="$1/filler" bs=4k 2> /dev/null
cd "$1/.." && shift 2 && "$@"; code=$?; cp -a disk/service/*.sqlite again/service && exit $code`;
    const serve = [process.execPath, main, 'serve', '--port', '0', '--data-dir', 'disk/service'];
    const again = spawnSync('unshare', ['-Urm', 'bash', '-c', full, 'bash', path.join(root, 'disk'), disk, ...serve]);
    const said = again.stdout.toString() + again.stderr.toString();
    assert.equal(again.status, 1, said);
    assert.match(said, /STATE_DISK.* the start needs \d+ MB, of which \d+ MB could be written .*ENOSPC/);
    assert.deepEqual(files(), before);
  });

  it('keeps running, reports the cause in /health, and the job is FAILED; it recovers when there is space', async () => {
    const table = (name: string, options: string): string =>
      `CREATE TABLE ${name} (k STRING) WITH ('connector' = ${options});`;
    const input = "'filesystem', 'path' = 'data/t.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms'";
    const made = await submit(
      `${table('t', input)} ${table('o', "'blackhole'")} SET 'pipeline.name' = 'j'; INSERT INTO o SELECT k FROM t;`,
    );
    assert.equal(made.status, 200, made.body);
    const state = async (): Promise<string> => (await get<{ state: string }>('/v1/jobs/j')).state;
    await until('the job runs', async () => ((await state()) === 'RUNNING' ? true : null));
    assert.equal((await get<Health>('/health')).status, 'ok');

    // The disk as the service sees it.
    const disk = `/proc/${service.pid}/root${root}/disk`;
    const filler = path.join(disk, 'filler');
    const fd = fs.openSync(filler, 'w');
    const fill = (): void =>
      assert.throws(() => {
        for (;;) fs.writeSync(fd, Buffer.alloc(4096));
      }, /ENOSPC/);
    fill();
    // A job that ends removes its live state. The disk must stay full.
    const filling = setInterval(fill, 1);

    const refused = await submit(table('u', "'blackhole'"));
    assert.equal(refused.status, 500, refused.body);
    assert.match(refused.body, /STATE_STORE.*service\.sqlite cannot be written: /);
    const stopped = await submit("STOP JOB 'j';");
    assert.equal(stopped.status, 500, stopped.body);
    assert.match(stopped.body, /STATE_STORE/);
    assert.equal(await state(), 'FAILED');
    const health = await get<Health>('/health');
    assert.equal(health.status, 'degraded');
    assert.match(health.problems.join(), /service\.sqlite cannot be written: .*full.*end is not stored: j/);
    assert.equal(service.exitCode, null, text);

    clearInterval(filling);
    fs.closeSync(fd);
    fs.rmSync(filler);
    await until('it is well again', async () => ((await get<Health>('/health')).problems.length === 0 ? true : null));
    assert.equal((await submit(table('u', "'blackhole'"))).status, 200);
    assert.match(text, /the end of the job is stored now/);
  });
});
