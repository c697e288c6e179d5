import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog } from '../../../../src/connectors/connector-registry.ts';
import { listFiles } from '../../../../src/connectors/filesystem/file-list.ts';
import { matching, pathPattern } from '../../../../src/connectors/filesystem/file-pattern.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-glob-'));
  for (const name of ['a.jsonl', 'b.jsonl', 'c.csv', 'x/a.jsonl', 'x/y/b.jsonl', '_h/a.jsonl']) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), '');
  }
});
afterEach(() => fs.rmSync(root, { recursive: true }));

function listed(written: string, isFollowed = false): readonly string[] {
  const pattern = pathPattern(path.join(root, written))!;
  return matching(() => listFiles(pattern.directory), pattern, isFollowed)().map((file) => path.relative(root, file));
}

describe('a path with wildcards', () => {
  it('gives the files that match, in the order of their names', () => {
    assert.deepEqual(listed('*.jsonl'), ['a.jsonl', 'b.jsonl']);
    assert.deepEqual(listed('*/a.jsonl'), ['x/a.jsonl']);
    assert.deepEqual(listed('**/*.jsonl'), ['a.jsonl', 'b.jsonl', 'x/a.jsonl', 'x/y/b.jsonl']);
    assert.deepEqual(listed('[bc].{jsonl,csv}'), ['b.jsonl', 'c.csv']);
    assert.deepEqual(listed('x/?.jsonl'), ['x/a.jsonl']);
  });

  it('that matches nothing is an error, unless the job waits for files', () => {
    assert.throws(() => listed('*.txt'), { code: 'CONNECTOR_READ', message: /no file matches .*\*\.txt/ });
    assert.deepEqual(listed('*.txt', true), []);
  });

  it('is the file of that name, if there is one', () => {
    fs.writeFileSync(path.join(root, '[1].jsonl'), '');
    assert.equal(pathPattern(path.join(root, '[1].jsonl')), null);
    assert.equal(pathPattern(path.join(root, 'a.jsonl')), null);
  });

  it('is an extension that the portable level refuses', () => {
    const text = `CREATE TABLE t (v INT) WITH ('connector' = 'filesystem', 'path' = 'a/*.jsonl', 'format' = 'json'); SELECT v FROM t;`;
    const at = (level: string) =>
      compile(text, {
        fileName: 'q',
        catalog: { tables: new Map(), views: new Map() },
        connectors: connectorCatalog,
        settings: { 'sequitur.sql.level': level },
      });
    assert.deepEqual(
      at('extended').extensions.map(({ what, portable }) => [what, portable]),
      [['wildcards in a path', "give the directory as 'path', and 'source.path.regex-pattern'"]],
    );
    assert.deepEqual(
      at('portable').diagnostics.map(({ code, message }) => [code, message]),
      [['SQL_NOT_PORTABLE', 'Flink SQL has no wildcards in a path']],
    );
  });
});
