import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../core/engine-error.ts';
import type { EndpointContext } from './connector.ts';

/**
 * Returns the absolute path of a table's path. With roots (SQL over HTTP), its real location must
 * be below one of them. Links are resolved before the comparison, for the part of the path that
 * exists.
 */
export function rootedPath(written: string, context: Pick<EndpointContext, 'baseDirectory' | 'roots'>): string {
  const plain = written.startsWith('file://') ? fileOfUrl(written) : written;
  if (plain.includes('\0')) throw new EngineError('CONNECTOR_PATH', 'a path must not contain NUL', {});
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

function fileOfUrl(written: string): string {
  try {
    return decodeURIComponent(new URL(written).pathname);
  } catch (cause) {
    throw new EngineError('CONNECTOR_PATH', `the path '${written}' is not a URL of a file`, { path: written }, cause);
  }
}

/** Limit of followed links. A longer chain or a circle is refused. */
const LINKS_MAX = 40;

/**
 * Returns the real location, as far as the path exists. A link to a missing target resolves to the
 * target, because opening the link would create it.
 */
function realPathOfExisting(full: string, links = 0): string {
  let head = full;
  const rest: string[] = [];
  for (;;) {
    try {
      return path.join(fs.realpathSync(head), ...rest);
    } catch {
      const target = linkTarget(head);
      if (target !== null) {
        if (links === LINKS_MAX) throw new EngineError('CONNECTOR_PATH', 'too many links in a path', {});
        return realPathOfExisting(path.join(path.resolve(path.dirname(head), target), ...rest), links + 1);
      }
      const parent = path.dirname(head);
      if (parent === head) return full;
      rest.unshift(path.basename(head));
      head = parent;
    }
  }
}

function linkTarget(file: string): string | null {
  try {
    return fs.readlinkSync(file);
  } catch {
    return null;
  }
}
