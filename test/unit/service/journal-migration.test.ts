/** The journal of earlier versions: a file of lines `<checksum> <JSON>`. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Change } from '../../../src/service/store/change.ts';
import { lineOf } from '../../../src/service/store/journal-file.ts';
import { ServiceStore } from '../../../src/service/store/service-store.ts';

describe('the journal of an earlier version', () => {
  let directory: string;
  let file: string;
  let messages: string[];
  const log = { warn: (_: object, message: string) => void messages.push(message) };
  const stopped = (job: string): Change => ({ kind: 'pattern-stopped', job, plan: 'p' });
  /** Opens the store, and returns what it has. */
  const jobs = (): readonly string[] => {
    const store = ServiceStore.open(directory, log);
    store.close();
    return [...store.stoppedPatternJobs.keys()];
  };

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-journal-'));
    file = path.join(directory, 'journal.jsonl');
    messages = [];
    fs.writeFileSync(file, lineOf([stopped('a')]) + lineOf([stopped('b'), stopped('c')]));
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('is taken over once, and kept', () => {
    const text = fs.readFileSync(file, 'utf8');
    assert.deepEqual(jobs(), ['a', 'b', 'c']);
    assert.match(messages.join(), /took over .* kept as journal\.jsonl\.migrated/);
    assert.ok(!fs.existsSync(file));
    assert.equal(fs.readFileSync(`${file}.migrated`, 'utf8'), text);
    messages = [];
    assert.deepEqual(jobs(), ['a', 'b', 'c']);
    assert.deepEqual(messages, []);
  });

  it('is taken over when a crash left it beside the database that was made from it', () => {
    const text = fs.readFileSync(file, 'utf8');
    jobs();
    fs.rmSync(`${file}.migrated`);
    fs.writeFileSync(file, text);
    assert.deepEqual(jobs(), ['a', 'b', 'c']);
    assert.ok(!fs.existsSync(file));
  });

  it('is refused when an earlier version wrote it after the database was made', () => {
    jobs();
    fs.writeFileSync(file, lineOf([stopped('z')]));
    assert.throws(jobs, { code: 'CONFIG_USAGE', message: /an earlier version ran after the database was made/ });
    assert.ok(fs.existsSync(file));
  });

  it('is taken over without a last line that was torn, at any byte', () => {
    const whole = fs.readFileSync(file);
    const last = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (const length of [last, last + 1, last + 16, last + 17, last + 20, whole.length - 2]) {
      for (const name of fs.readdirSync(directory)) fs.rmSync(path.join(directory, name));
      fs.writeFileSync(file, whole.subarray(0, length));
      assert.deepEqual(jobs(), ['a'], `${length} bytes`);
    }
  });

  it('is refused when a bit of any line has changed, also of an only line; nothing is overwritten', () => {
    const text = fs.readFileSync(file, 'utf8');
    for (const lines of [1, 2]) {
      const whole = Buffer.from(`${text.split('\n').slice(0, lines).join('\n')}\n`);
      for (let at = 0; at < whole.length; at++) {
        const flipped = Buffer.from(whole);
        flipped[at] = flipped[at]! ^ 2;
        fs.writeFileSync(file, flipped);
        if (at === whole.length - 1) continue;
        assert.throws(jobs, { code: 'STATE_FORMAT', message: /line \d+ of the journal .* is damaged/ }, `byte ${at}`);
        assert.deepEqual(fs.readFileSync(file), flipped);
      }
    }
  });

  it('is taken over whole when the last line break has changed', () => {
    const whole = fs.readFileSync(file);
    whole[whole.length - 1] = 8;
    fs.writeFileSync(file, whole);
    assert.deepEqual(jobs(), ['a', 'b', 'c']);
  });

  it('may be longer than a string can be', { skip: process.env['SEQUITUR_TEST_LARGE'] === undefined }, () => {
    const tables = Array.from({ length: 20_000 }, (_, i) => ({ name: `t${i}`, options: { path: 'x'.repeat(100) } }));
    const line = lineOf([{ kind: 'catalog', tables, views: [] }]);
    const fd = fs.openSync(file, 'a');
    for (let i = 0; i < 250; i++) fs.writeSync(fd, line);
    fs.closeSync(fd);
    assert.ok(fs.statSync(file).size > 2 ** 29);
    assert.deepEqual(jobs(), ['a', 'b', 'c']);
  });
});
