import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');

describe('the cache of compiled code', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-compile-cache-'));
  after(() => fs.rmSync(directory, { recursive: true }));
  const { NODE_COMPILE_CACHE: _named, XDG_CACHE_HOME: _caches, ...environment } = process.env;
  const place = (name: string): string => path.join(directory, name);
  const temporary = place(`tmp/sequitur-cache-${process.getuid?.() ?? 0}`);
  fs.mkdirSync(place('tmp'));
  fs.writeFileSync(place('file'), '');

  function start(variables: Readonly<Record<string, string>>): void {
    const env = { ...environment, TMPDIR: place('tmp'), ...variables };
    const { status, stderr } = spawnSync(process.execPath, [main, '--version'], { env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
  }
  const isFilled = (folder: string): boolean => fs.existsSync(folder) && fs.readdirSync(folder).length > 0;

  it("lies in the user's cache folder, which only the user can read", () => {
    fs.mkdirSync(place('home'));
    start({ HOME: place('home') });
    assert.ok(isFilled(place('home/.cache/sequitur')));
    assert.equal(fs.statSync(place('home/.cache/sequitur')).mode & 0o777, 0o700);
    start({ XDG_CACHE_HOME: place('caches') });
    assert.ok(isFilled(place('caches/sequitur')));
    assert.ok(!isFilled(temporary));
  });

  it('is not read from a folder that another user can change', () => {
    fs.mkdirSync(place('shared/sequitur'), { recursive: true });
    fs.chmodSync(place('shared/sequitur'), 0o777);
    start({ XDG_CACHE_HOME: place('shared') });
    assert.ok(!isFilled(place('shared/sequitur')));
    assert.ok(isFilled(temporary));
  });

  it('is left out silently if no folder can be written', () => {
    start({ HOME: place('file'), TMPDIR: place('missing') });
    start({ HOME: place('file'), TMPDIR: place('file') });
  });

  it('lies where NODE_COMPILE_CACHE says', () => {
    start({ HOME: place('file'), NODE_COMPILE_CACHE: place('named') });
    assert.ok(isFilled(place('named')));
  });
});
