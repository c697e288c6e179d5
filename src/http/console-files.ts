import fs from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { invariant } from '../core/invariant.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * The files of the page. The service serves only these files. No path of a request reaches the file
 * system.
 */
const FILES = [
  'index.html',
  'style.css',
  'icon.svg',
  'main.js',
  'api.js',
  'display-text.js',
  'element.js',
  'exact-json.js',
  'header-view.js',
  'jobs-view.js',
  'matches-view.js',
  'operators-view.js',
  'patterns-view.js',
  'sparkline.js',
  'token-dialog.js',
] as const;

/**
 * Serves the page at `/`. The page contains no data, so it needs no token. The requests of the page
 * carry the token.
 */
export function consoleRoutes(app: FastifyInstance): void {
  const folder = consoleFolder();
  for (const name of FILES) {
    const content = fs.readFileSync(new URL(name, folder));
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)]!;
    const path = name === 'index.html' ? '/' : `/${name}`;
    app.get(path, { schema: { hide: true }, config: { open: true, linkable: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content),
    );
  }
}

/**
 * Returns the folder of the page. The package contains the page in `src/console`. This module runs
 * from `src/http` or from `dist/src/http`.
 */
function consoleFolder(): URL {
  const folder = ['../console/', '../../../src/console/']
    .map((relative) => new URL(relative, import.meta.url))
    .find((url) => fs.existsSync(new URL('index.html', url)));
  invariant(folder !== undefined, 'the files of the page are missing from the package');
  return folder;
}
