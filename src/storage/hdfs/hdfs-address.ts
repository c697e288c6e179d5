import os from 'node:os';
import { EngineError } from '../../core/engine-error.ts';
import type { WebHdfsPlace } from './webhdfs-client.ts';

export const HDFS_SCHEMES: readonly string[] = ['hdfs', 'webhdfs', 'swebhdfs'];

/**
 * Parses an address. `hdfs://namenode/directory` and `webhdfs://…` use HTTP on port 9870.
 * `swebhdfs://…` uses HTTPS on port 9871. The address may name another port. `user`: the user of
 * HDFS. Null: the user of the process, as in Hadoop's programs.
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
