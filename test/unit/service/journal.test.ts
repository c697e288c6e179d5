import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Journal } from '../../../src/service/journal.ts';

describe('journal', () => {
  let directory: string;
  let file: string;
  const open = () => Journal.open<number>(file, (entries) => entries);
  const entries = (): readonly number[] => {
    const opened = open();
    opened.journal.close();
    return opened.entries;
  };

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-journal-'));
    file = path.join(directory, 'journal.jsonl');
    const { journal } = open();
    journal.append(1);
    journal.append(2, 3);
    journal.close();
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('returns the appended entries', () => {
    assert.deepEqual(entries(), [1, 2, 3]);
    const { journal } = open();
    journal.append(4);
    journal.close();
    assert.deepEqual(entries(), [1, 2, 3, 4]);
  });

  it('drops a last line that was torn, at any byte', () => {
    const whole = fs.readFileSync(file);
    const last = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let length = last; length < whole.length - 1; length++) {
      fs.writeFileSync(file, whole.subarray(0, length));
      assert.deepEqual(entries(), [1, 2], `${length} bytes`);
    }
  });

  it('refuses damage before the end', () => {
    const text = fs.readFileSync(file, 'utf8').split('\n');
    text[1] = text[1]!.replace(' 2', ' 7');
    fs.writeFileSync(file, text.join('\n'));
    assert.throws(open, /line 2 of the journal .* is damaged/);
  });

  it('is rewritten as the caller makes it shorter', () => {
    Journal.open<number>(file, (all) => [all.reduce((a, b) => a + b, 0)]).journal.close();
    assert.deepEqual(entries(), [6]);
    assert.equal(fs.readFileSync(file, 'utf8').trim().split('\n').length, 1);
  });
});
