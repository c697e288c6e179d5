import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { compile } from '../../../src/compiler/compile.ts';
import { formatDiagnostics, maskSecrets } from '../../../src/compiler/format-diagnostic.ts';
import { checkOptions, type OptionSpec } from '../../../src/connectors/connector-options.ts';
import { connectorCatalog } from '../../../src/connectors/connector-registry.ts';
import { resolveOptions } from '../../../src/connectors/resolve-options.ts';
import { redactPlan } from '../../../src/plan/redact-secrets.ts';

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-secrets-')));
after(() => fs.rmSync(root, { recursive: true }));
fs.writeFileSync(path.join(root, 'password'), 'from a file\n');

const variables: Readonly<Record<string, string>> = { NAME: 'bob', NESTED: '${env:NAME}' };
const place = { baseDirectory: root, roots: null, environment: (name: string) => variables[name] };

describe('references in option values', () => {
  it('are replaced by the value of a variable or the text of a file', () => {
    const options = {
      plain: 'x',
      user: '${env:NAME}',
      password: '${file:password}',
      both: 'a-${env:NAME}-${env: NAME }',
    };
    assert.deepEqual(resolveOptions('t', options, place), {
      plain: 'x',
      user: 'bob',
      password: 'from a file',
      both: 'a-bob-bob',
    });
  });

  it('are not looked for in the value of another, and other placeholders stay', () => {
    const options = { nested: '${env:NESTED}', other: '${NAME} $NAME ${sys:NAME}' };
    assert.deepEqual(resolveOptions('t', options, place), { ...options, nested: '${env:NAME}' });
  });

  it('name table, option and reference if there is no value', () => {
    assert.throws(() => resolveOptions('t', { user: '${env:NOBODY}' }, place), {
      code: 'CONFIG_INVALID_OPTION',
      message: "table t, option 'user': the environment has no variable NOBODY",
    });
    assert.throws(() => resolveOptions('t', { user: '${file:nothing}' }, place), /option 'user': .*nothing/);
  });

  it('lead to no file outside of the roots', () => {
    const rooted = { ...place, roots: [path.join(root, 'files')] };
    for (const written of ['password', '/etc/hostname', '../password'])
      assert.throws(() => resolveOptions('t', { user: `\${file:${written}}` }, rooted), /lies outside/, written);
  });

  it('are checked by type when they have a value, and never where the compiler needs the value', () => {
    const specs: OptionSpec[] = [
      { key: 'port', type: 'integer', summary: '' },
      { key: 'format', type: 'string', literal: true, summary: '' },
      { key: 'password', type: 'integer', secret: true, summary: '' },
    ];
    const wrong = (options: Record<string, string>) => checkOptions('it', options, specs).map((m) => m.message);
    assert.deepEqual(wrong({ port: '${env:PORT}' }), []);
    assert.deepEqual(wrong({ port: '${env:}' }), ["option 'port' has a reference without a name, not '${env:}'"]);
    assert.match(wrong({ format: '${env:FORMAT}' })[0]!, /must not be a reference/);
    assert.deepEqual(wrong({ password: 'hunter2' }), ["option 'password' is a whole number"]);
  });
});

describe('secrets', () => {
  // The password of a client in the options of a broker's connector.
  const connectors = { ...connectorCatalog, secrets: () => ['path'] };
  const text = (value: string) =>
    `CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '${value}', 'format' = 'json');\nSELECT * FROM t;\nEXPLAIN SELECT * FROM t;\nSHOW CREATE TABLE t;`;
  const compiled = (value: string, settings: Record<string, string> = {}) =>
    compile(text(value), { fileName: 'f', catalog: { tables: new Map(), views: new Map() }, connectors, settings });

  it('that are written in the text are used, and never shown', () => {
    const { statements, diagnostics, secrets } = compiled('hunter2');
    assert.deepEqual(
      diagnostics.map((d) => [d.code, d.severity]),
      [['SQL_LITERAL_SECRET', 'warning']],
    );
    const job = statements.find((s) => s.kind === 'job')!;
    assert.match(JSON.stringify(job.plan), /hunter2/);
    const shown = statements.flatMap((s) => (s.kind === 'rows' ? s.rows.flat() : [])).join('\n');
    assert.match(shown, /\*{6}/);
    const rest = [
      shown,
      JSON.stringify(redactPlan(job.plan, connectors.secrets)),
      formatDiagnostics(diagnostics, maskSecrets(text('hunter2'), secrets), { file: 'f.sql' }),
    ];
    for (const each of rest) assert.doesNotMatch(each, /hunter2/);
  });

  it('that are references are stored and shown as references, without a warning', () => {
    const { statements, diagnostics, extensions } = compiled('${env:NAME}');
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      extensions.map((e) => e.what),
      ['reference in an option value (${env:…})'],
    );
    const job = statements.find((s) => s.kind === 'job')!;
    assert.match(JSON.stringify(redactPlan(job.plan, connectors.secrets)), /\$\{env:NAME\}/);
    const shown = statements.flatMap((s) => (s.kind === 'rows' ? s.rows.flat() : [])).join('\n');
    assert.equal(shown.match(/\$\{env:NAME\}/g)?.length, 2);
  });

  it('cannot be references in portable text: Flink SQL has none', () => {
    const { diagnostics } = compiled('${env:NAME}', { 'sequitur.sql.level': 'portable' });
    assert.deepEqual(
      diagnostics.map((d) => d.code),
      ['SQL_NOT_PORTABLE'],
    );
  });
});
