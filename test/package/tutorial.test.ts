/** Runs every block of docs/tutorial.md, in order, with the packed package in an empty folder. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { installPackage } from './installed-package.ts';

const PAGE = path.join(import.meta.dirname, '../../docs/tutorial.md');
/** Finds a block and the line before it, which may name the file of the block. */
const BLOCK = /(?:Save this as `([^`]+)`:\n\n)?```(\w+)\n([\s\S]*?)```/g;

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('every block of the tutorial does what the page says', { timeout: 240_000 }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-tutorial-'));
  const work = path.join(folder, 'work');
  const bin = path.join(folder, 'bin');
  try {
    const cli = path.join(await installPackage(folder), 'dist/src/cli/main.js');
    for (const directory of [work, bin]) fs.mkdirSync(directory);
    const port = await freePort();
    fs.writeFileSync(path.join(bin, 'sequitur'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, {
      mode: 0o755,
    });
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
    let output: string | null = null;
    let blocks = 0;
    for (const [, file, language, content] of fs.readFileSync(PAGE, 'utf8').matchAll(BLOCK)) {
      blocks++;
      if (file !== undefined) fs.writeFileSync(path.join(work, file), content!);
      else if (language === 'text') assert.equal(output, content, `block ${blocks}`);
      else {
        assert.equal(language, 'sh');
        const script = content!
          .replaceAll('--port 8181', `--port ${port}`)
          .replaceAll('sequitur jobs', `sequitur jobs --url http://127.0.0.1:${port}`)
          .replaceAll('sequitur stop', `sequitur stop --url http://127.0.0.1:${port}`);
        const run = spawnSync('sh', ['-e', '-c', script], { cwd: work, env, encoding: 'utf8', timeout: 90_000 });
        assert.equal(run.status, 0, `block ${blocks}: ${content}\n${run.stdout}${run.stderr}\n${readLog(work)}`);
        output = run.stdout;
      }
    }
    assert.ok(blocks >= 18, `${blocks} blocks`);
  } finally {
    kill(work);
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

const readLog = (work: string): string =>
  fs.existsSync(path.join(work, 'serve.log')) ? fs.readFileSync(path.join(work, 'serve.log'), 'utf8') : '';

/** Ends the service if a block has failed. */
function kill(work: string): void {
  const file = path.join(work, 'serve.pid');
  if (!fs.existsSync(file)) return;
  try {
    process.kill(Number(fs.readFileSync(file, 'utf8')), 'SIGKILL');
  } catch {
    // It has ended.
  }
}
