import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { DiskModel } from './disk-model.ts';
import type { DiskRecord } from './record-log.ts';

const SEEDS = 60;
/** An inode that no real file has. */
const FILE = 1e12;
const DIRECTORY = 2e12;

/** Returns what a disk had after a loss of power, for some seeds: the files with their contents. */
function outcomes(records: (root: string, rootInode: number) => readonly DiskRecord[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-disk-model-')));
    fs.writeFileSync(path.join(root, 'old'), 'old');
    const model = new DiskModel(root);
    model.takeAll(records(root, fs.statSync(root).ino));
    model.losePower(new SeededRandom(seed));
    const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted();
    const isFile = (name: string): boolean => fs.statSync(path.join(root, name)).isFile();
    const files = names.filter(isFile).map((name) => `${name}=${fs.readFileSync(path.join(root, name), 'utf8')}`);
    found.add(files.join(' '));
    fs.rmSync(root, { recursive: true });
  }
  return found;
}

const created = (root: string): DiskRecord => ({ kind: 'created', inode: FILE, path: `${root}/new` });
const written: DiskRecord = { kind: 'written', inode: FILE, from: 0, bytes: Buffer.from('new') };
const sync = (inode: number, number: number): readonly DiskRecord[] => [
  { kind: 'sync-began', number, inode },
  { kind: 'sync-ended', number },
];

describe('model of a disk that loses its power', () => {
  it('keeps a file whose content and name were synced', () => {
    const all = outcomes((root, inode) => [created(root), written, ...sync(FILE, 1), ...sync(inode, 2)]);
    assert.deepEqual([...all], ['new=new old=old']);
  });

  it('may lose the name of a file whose content was synced, and the content of a file with a synced name', () => {
    const withoutName = outcomes((root) => [created(root), written, ...sync(FILE, 1)]);
    assert.deepEqual([...withoutName].toSorted(), ['new=new old=old', 'old=old']);
    const withoutContent = outcomes((root, inode) => [created(root), written, ...sync(inode, 1)]);
    assert.ok(withoutContent.has('new= old=old') && withoutContent.has('new=new old=old'));
    assert.ok(![...withoutContent].some((outcome) => outcome === 'old=old'));
  });

  it('renames completely or not at all', () => {
    const all = outcomes((root, inode) => [
      created(root),
      written,
      ...sync(FILE, 1),
      ...sync(inode, 2),
      { kind: 'renamed', path: `${root}/new`, to: `${root}/old` },
    ]);
    assert.deepEqual([...all].toSorted(), ['new=new old=old', 'old=new']);
  });

  it('does not count a change that came after the sync began', () => {
    const all = outcomes((root, inode) => [
      created(root),
      ...sync(inode, 1),
      { kind: 'sync-began', number: 2, inode: FILE },
      written,
      { kind: 'sync-ended', number: 2 },
    ]);
    assert.ok(all.has('new= old=old') && all.has('new=new old=old'));
  });

  it('loses a directory whose name was not synced, with its files', () => {
    const all = outcomes((root) => [
      { kind: 'made', inode: DIRECTORY, path: `${root}/folder` },
      { kind: 'created', inode: FILE, path: `${root}/folder/new` },
      written,
      ...sync(FILE, 1),
      ...sync(DIRECTORY, 2),
    ]);
    assert.deepEqual([...all].toSorted(), ['folder/new=new old=old', 'old=old']);
  });
});
