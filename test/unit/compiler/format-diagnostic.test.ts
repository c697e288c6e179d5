import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDiagnostic } from '../../../src/compiler/format-diagnostic.ts';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';

const at = (start: number, end: number): Diagnostic => ({
  code: 'SQL_SYNTAX',
  severity: 'error',
  message: 'wrong',
  span: { start, end },
});

describe('formatDiagnostic', () => {
  it('counts columns in code points and puts the caret under the span', () => {
    const text = "x\r\n'😀' bad\r\n";
    assert.equal(
      formatDiagnostic(at(8, 11), text, { file: 'f.sql' }),
      "f.sql:2:5: error[SQL_SYNTAX]: wrong\n   2 | '😀' bad\n     |     ^^^",
    );
  });

  it('keeps tabs before the caret', () => {
    assert.equal(formatDiagnostic(at(2, 4), '\t ab', { file: 'f' }).split('\n').at(-1), '     | \t ^^');
  });

  it('cuts a long line around the caret', () => {
    const text = `${'a '.repeat(200)}bad ${'b '.repeat(200)}`;
    const [, source, caret] = formatDiagnostic(at(400, 403), text, { file: 'f' }).split('\n');
    assert.ok(source!.length < 135);
    assert.equal(source!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1), 'bad');
  });

  it('shows no line for an empty text, and ends a span at the end of its line', () => {
    assert.equal(formatDiagnostic(at(0, 0), '', { file: 'f' }), 'f:1:1: error[SQL_SYNTAX]: wrong');
    assert.equal(formatDiagnostic(at(0, 9), 'ab\ncd', { file: 'f' }).split('\n').at(-1), '     | ^^');
  });

  it('colours on demand', () => {
    assert.ok(formatDiagnostic(at(0, 1), 'a', { file: 'f', color: true }).includes('\u001b[31m'));
  });
});
