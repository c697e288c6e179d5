import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../core/engine-error.ts';
import type { EndpointContext } from './connector.ts';

/**
 * A path of a table as an absolute one. Where roots are configured (SQL that came over HTTP) its real location must lie below one of them: links are followed before the
 * comparison, for the part of the path that exists.
 */
export function rootedPath(written: string, context: Pick<EndpointContext, 'baseDirectory' | 'roots'>): string {
  if (written.includes('\0')) throw new EngineError('CONNECTOR_PATH', 'a path must not contain NUL', {});
  const plain = written.startsWith('file://') ? decodeURIComponent(new URL(written).pathname) : written;
  const full = path.resolve(context.baseDirectory, plain);
  if (context.roots === null) return full;
  const real = realPathOfExisting(full);
  const inside = context.roots.some((root) => {
    const relative = path.relative(realPathOfExisting(path.resolve(root)), real);
    return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
  });
  if (!inside) {
    throw new EngineError(
      'CONNECTOR_PATH',
      `the path '${written}' lies outside of the directories that this service may use`,
      { path: written },
    );
  }
  return full;
}

function realPathOfExisting(full: string): string {
  let head = full;
  const rest: string[] = [];
  for (;;) {
    try {
      return path.join(fs.realpathSync(head), ...rest);
    } catch {
      const parent = path.dirname(head);
      if (parent === head) return full;
      rest.unshift(path.basename(head));
      head = parent;
    }
  }
}
