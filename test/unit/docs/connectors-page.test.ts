/** Checks that the definitions say what docs/connectors.md and docs/formats.md show. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CONNECTOR_EXAMPLES } from '../../../scripts/reference/tables/connector-examples.ts';
import { FORMAT_NOTES } from '../../../scripts/reference/tables/format-notes.ts';
import { CONNECTORS } from '../../../src/connectors/connector-registry.ts';
import { FORMATS } from '../../../src/formats/format-registry.ts';

it('says what every source reads, and what every sink writes and guarantees', () => {
  for (const { name, uses, reads, writes, promise } of CONNECTORS.values()) {
    assert.equal(reads !== undefined, uses.includes('source'), name);
    assert.equal(writes !== undefined, uses.includes('sink'), name);
    assert.equal(promise !== undefined, uses.includes('sink'), name);
  }
});

it('has an example of every connector and format, and of no other', () => {
  assert.deepEqual(Object.keys(CONNECTOR_EXAMPLES).sort(), [...CONNECTORS.keys()].sort());
  assert.deepEqual(Object.keys(FORMAT_NOTES).sort(), [...FORMATS.keys()].sort());
});
