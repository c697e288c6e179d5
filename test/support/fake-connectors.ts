import type { ConnectorCatalog, OptionProblem } from '../../src/compiler/catalog.ts';
import { scanExtensions } from '../../src/connectors/scan-options.ts';
import { STRING, timestampLtz } from '../../src/core/data-type.ts';

const KNOWN = [
  'connector',
  'path',
  'format',
  'topic',
  'properties.bootstrap.servers',
  'properties.password',
  'json.ignore-parse-errors',
  'source.monitor-interval',
  'scan.watermark.idle-timeout',
  'sequitur.idle-advance',
];
const NAMES = ['blackhole', 'filesystem', 'kafka'];

/**
 * A connector catalog for the compiler, without connectors: three names, a few options, and
 * metadata of one.
 */
export const fakeConnectors: ConnectorCatalog = {
  connectorNames: () => NAMES,
  check(use, options) {
    const problems: OptionProblem[] = [];
    const connector = options['connector'];
    if (connector === undefined) return problems;
    if (!NAMES.includes(connector)) {
      return use === 'declare'
        ? [
            {
              key: 'connector',
              code: 'CONFIG_INVALID_OPTION',
              message: `no connector '${connector}'`,
              hint: `there are ${NAMES.join(', ')}`,
            },
          ]
        : [];
    }
    for (const key of Object.keys(options)) {
      if (use === 'declare' && !KNOWN.includes(key)) {
        problems.push({
          key,
          code: 'CONFIG_UNKNOWN_OPTION',
          message: `the connector '${connector}' has no option '${key}'`,
        });
      }
    }
    if (use === 'source' && connector === 'blackhole') {
      problems.push({ key: 'connector', code: 'CONFIG_INVALID_OPTION', message: "'blackhole' cannot be read" });
    }
    if (use !== 'declare' && connector === 'filesystem' && options['path'] === undefined) {
      problems.push({ key: null, code: 'CONFIG_INVALID_OPTION', message: "the option 'path' is missing" });
    }
    return problems;
  },
  metadata: (options) =>
    options['connector'] === 'kafka'
      ? new Map([
          ['timestamp', { name: 'timestamp', type: timestampLtz(3, false) }],
          ['topic', { name: 'topic', type: STRING }],
        ])
      : new Map(),
  secrets: (options) => Object.keys(options).filter((key) => /password/.test(key)),
  partitionProblem: () => null,
  extensions: (options) => scanExtensions(options),
  endless: (options) =>
    options['source.monitor-interval'] === undefined ? null : "it goes on reading ('source.monitor-interval')",
  mayFallSilent: (options) => options['source.monitor-interval'] !== undefined,
  acceptsChangelog: (options) =>
    options['connector'] === 'blackhole' || options['connector'] === 'collect' || options['format'] === 'debezium-json',
};
