import os from 'node:os';
import { EngineError } from '../../core/engine-error.ts';
import type { WebHdfsPlace } from './webhdfs-client.ts';

export const HDFS_SCHEMES: readonly string[] = ['hdfs', 'webhdfs', 'swebhdfs'];

/**
 * `hdfs://namenode/directory` and `webhdfs://…`, over HTTP on port 9870, and `swebhdfs://…`,
 * over HTTPS on port 9871, unless the address names another port. `user`: the user of HDFS; null:
 * the user of the process, as in Hadoop's own programs.
 */
export function parseHdfsAddress(
  address: string,
  user: string | null = null,
): { readonly place: WebHdfsPlace; readonly directory: string } {
  const [, scheme, host, directory] = /^([a-z]+):\/\/([^/@?#]+)(\/[^?#]*)?$/i.exec(address) ?? [];
  if (scheme === undefined || host === undefined) {
    throw new EngineError(
      'CONFIG_INVALID_OPTION',
      `'${address}' names no name node; write hdfs://namenode:9870/directory`,
      {},
    );
  }
  const secure = scheme.toLowerCase() === 'swebhdfs';
  const port = /:\d+$/.test(host) ? '' : secure ? ':9871' : ':9870';
  return {
    place: {
      location: `${scheme}://${host}`,
      origin: `${secure ? 'https' : 'http'}://${host}${port}`,
      user: user ?? os.userInfo().username,
    },
    directory: (directory ?? '').replace(/\/+$/, ''),
  };
}
