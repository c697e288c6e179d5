import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type Disk, systemDisk } from '../../../src/core/disk.ts';
import { makeDirectories } from '../../../src/service/data-directory.ts';
import type { ServiceOptions, ServicePorts } from '../../../src/service/service-options.ts';

describe('data directory', () => {
  it('has a durable name, so that no loss of power takes the whole directory', (t) => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-data-directory-'));
    t.after(() => fs.rmSync(root, { recursive: true }));
    // The names in a directory at the time when the directory was synced last.
    const synced = new Map<string, readonly string[]>();
    const disk: Disk = {
      ...systemDisk,
      syncDirectory(directory) {
        synced.set(directory, fs.readdirSync(directory));
      },
    };
    const directory = path.join(root, 'new/service');
    makeDirectories({ dataDirectory: directory } as ServiceOptions, { disk } as ServicePorts);
    assert.ok(synced.get(root)!.includes('new'));
    assert.deepEqual(synced.get(path.join(root, 'new')), ['service']);
    assert.deepEqual(synced.get(directory), ['jobs', 'files'].toSorted());
  });
});
