import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { concernsPatterns } from '../../../src/service/patterns/folder-watcher.ts';
import { readPatternFolder } from '../../../src/service/patterns/pattern-folder.ts';

describe('the folder of patterns', () => {
  let root: string;
  let folder: string;
  const write = (name: string, text = 'SELECT 1;'): void => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  const read = () => readPatternFolder(folder);

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-patterns-'));
    folder = path.join(root, 'patterns');
    fs.mkdirSync(folder);
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  it('contains only x.sql and x/pattern.sql', () => {
    write('plain.sql', '-- What it finds\nSELECT 1;');
    write('own/pattern.sql', '\ufeffSELECT 1;');
    write('own/other.sql');
    write('README.md');
    write('.hidden.sql');
    write('no-pattern/query.sql');
    const found = read();
    assert.deepEqual([...found.keys()], ['own', 'plain']);
    assert.equal(found.get('plain')!.title, 'What it finds');
    assert.deepEqual([found.get('own')!.text, found.get('own')!.title], ['SELECT 1;', 'own']);
  });

  it('refuses by name what is not a file, and reads the rest', async () => {
    execFileSync('mkfifo', [path.join(folder, 'pipe.sql')]);
    fs.mkdirSync(path.join(folder, 'folder.sql'));
    fs.mkdirSync(path.join(folder, 'own'));
    execFileSync('mkfifo', [path.join(folder, 'own/pattern.sql')]);
    fs.symlinkSync('/dev/zero', path.join(folder, 'zero.sql'));
    write('tested/pattern.sql');
    fs.mkdirSync(path.join(folder, 'tested/input'));
    fs.mkdirSync(path.join(folder, 'tested/expected'));
    execFileSync('mkfifo', [path.join(folder, 'tested/input/rows.jsonl')]);
    write('plain.sql');
    const server = net.createServer().listen(path.join(folder, 'socket.sql'));
    await once(server, 'listening');
    const found = read();
    server.close();
    assert.deepEqual(
      [...found].map(([name, { problem }]) => [name, problem]),
      [
        ['folder', 'folder.sql is a directory, not a file'],
        ['own', 'pattern.sql is a named pipe, not a file'],
        ['pipe', 'pipe.sql is a named pipe, not a file'],
        ['plain', null],
        ['socket', 'socket.sql is a socket, not a file'],
        ['tested', 'input/rows.jsonl is a named pipe, not a file'],
        ['zero', 'the file is a link that leaves the patterns folder'],
      ].sort(),
    );
  });

  it('does not follow links that leave it', () => {
    fs.writeFileSync(path.join(root, 'secret.sql'), 'SELECT 1;');
    fs.symlinkSync(path.join(root, 'secret.sql'), path.join(folder, 'link.sql'));
    fs.mkdirSync(path.join(root, 'elsewhere'));
    fs.writeFileSync(path.join(root, 'elsewhere/pattern.sql'), 'SELECT 1;');
    fs.symlinkSync(path.join(root, 'elsewhere'), path.join(folder, 'away'));
    write('inside.sql');
    fs.symlinkSync(path.join(folder, 'inside.sql'), path.join(folder, 'within.sql'));
    fs.symlinkSync(path.join(folder, 'nowhere.sql'), path.join(folder, 'dangling.sql'));
    const found = read();
    assert.match(found.get('link')!.problem!, /leaves the patterns folder/);
    assert.match(found.get('away')!.problem!, /leaves the patterns folder/);
    assert.equal(found.get('within')!.text, 'SELECT 1;');
    assert.match(found.get('dangling')!.problem!, /cannot be read/);
  });

  it('refuses large files, strange names and two files for one name', () => {
    write('large.sql', `-- ${'x'.repeat(256 * 1024)}`);
    write('two words.sql');
    write('twice.sql');
    write('twice/pattern.sql');
    const found = read();
    assert.match(found.get('large')!.problem!, /at most 262144/);
    assert.match(found.get('two words')!.problem!, /letters, digits/);
    assert.match(found.get('twice')!.problem!, /two files/);
  });

  it('reads the rest when one name cannot be looked at', () => {
    fs.symlinkSync('loop.sql', path.join(folder, 'loop.sql'));
    write('plain.sql');
    write('tested/pattern.sql');
    write('tested/input/t.jsonl');
    write('tested/expected', 'not a directory');
    const found = read();
    assert.deepEqual([...found.keys()], ['loop', 'plain', 'tested']);
    assert.match(found.get('loop')!.problem!, /cannot be read: ELOOP/);
    assert.match(found.get('tested')!.problem!, /cannot be read: ENOTDIR/);
    assert.equal(found.get('plain')!.problem, null);
  });

  it('gives a tested pattern another stamp when its golden files change', () => {
    write('p/pattern.sql');
    write('p/input/t.jsonl', '{}');
    assert.equal(read().get('p')!.tested, false);
    write('p/expected/o.jsonl', '{}');
    const before = read().get('p')!;
    assert.equal(before.tested, true);
    write('p/expected/o.jsonl', '{"a":1}');
    assert.notEqual(read().get('p')!.stamp, before.stamp);
  });
});

it('the output of jobs in the pattern folder is not watched', () => {
  const file = fs.statSync(import.meta.filename);
  const watched = [
    '',
    'a.sql',
    'a',
    'a/pattern.sql',
    'a/input',
    'a/input/t.jsonl',
    'a/expected/o.jsonl',
    'a/case.json',
  ];
  for (const name of watched) assert.ok(concernsPatterns(name), name);
  assert.ok(concernsPatterns('a.sql', file));
  for (const name of ['a/output', 'a/output/part-1', 'a/README.md', '.a.sql.swp', '.git/x'])
    assert.ok(!concernsPatterns(name), name);
  assert.ok(!concernsPatterns('data.jsonl', file));
});
