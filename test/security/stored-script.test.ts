import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const folder = path.join(import.meta.dirname, '../../src/console');
const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');

/**
 * `test/browser/page.ts` tests that markup stays text in a browser. This file tests that the page's
 * code cannot convert text to markup.
 */
test('the page makes elements and text nodes only, never markup', () => {
  const scripts = fs.readdirSync(folder).filter((file) => file.endsWith('.js'));
  assert.ok(scripts.length >= 8);
  for (const file of scripts) {
    assert.doesNotMatch(
      read(file),
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|srcdoc|\beval\b|\bFunction\b|setAttribute\('(?:on|style|href|src)|\.(?:href|src)\s*=|localStorage|document\.cookie/,
      file,
    );
  }
});

test('the page has nothing inline and nothing from elsewhere', () => {
  const page = read('index.html');
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?:|javascript:/i);
  assert.doesNotMatch(read('style.css'), /@import|url\(/);
});

test('every file of the page is on the list of those that are served', () => {
  const served = fs.readFileSync(path.join(folder, '../http/console-files.ts'), 'utf8');
  for (const file of fs.readdirSync(folder)) assert.ok(served.includes(`'${file}'`), file);
});
