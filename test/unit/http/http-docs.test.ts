import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { FakeService } from '../../support/fake-service.ts';
import { send, startApp } from '../../support/http-client.ts';

const text = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/http-api.md'), 'utf8');

test('docs/http-api.md describes exactly the routes of the API', async () => {
  await using app = await startApp(new FakeService());
  const { paths } = (await send(app.port, 'GET', '/openapi.json')).json() as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`),
  );
  const described = [...text.matchAll(/^## `((?:GET|POST|DELETE) \S+)`$/gm)].map((match) => match[1]);
  assert.deepEqual(described.toSorted(), routes.toSorted());
  const listed = [...text.matchAll(/^\| \[`((?:GET|POST|DELETE) \S+)`\]/gm)].map((match) => match[1]);
  assert.deepEqual(listed, described);
});

test('each JSON example in docs/http-api.md is valid JSON', () => {
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1]!);
  assert.ok(blocks.length >= 6);
  for (const block of blocks) JSON.parse(block);
});
