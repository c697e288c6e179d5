import type { Field } from '../core/data-type.ts';
import { nearest } from '../core/did-you-mean.ts';
import { EngineError } from '../core/engine-error.ts';
import type { EndpointFactory, Endpoints } from '../engine/endpoints.ts';
import { findFormat, formatNames } from '../formats/format-registry.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';
import type { SinkNode } from '../plan/nodes/sink.ts';
import type { TableOptions } from '../plan/table-options.ts';
import { blackhole } from './blackhole/connector.ts';
import type { Connector, EndpointContext, OptionExtension, TablePlace } from './connector.ts';
import { checkOptions, type OptionMistake, type OptionSpec } from './connector-options.ts';
import { datagen } from './datagen/connector.ts';
import { filesystem } from './filesystem/connector.ts';
import { print } from './print/connector.ts';
import { resolveOptions } from './resolve-options.ts';
import { checkScanOptions, SCAN_OPTIONS, scanExtensions } from './scan-options.ts';
import { values } from './values/connector.ts';

/** The connectors that a SQL text can name. */
export const CONNECTORS: ReadonlyMap<string, Connector> = new Map(
  [filesystem, datagen, print, blackhole].map((c) => [c.name, c]),
);

/** The connectors of tables that the compiler creates. A SQL text cannot name them. */
const INTERNAL: ReadonlyMap<string, Connector> = new Map([values].map((c) => [c.name, c]));

const NO_PIPES = 'only `sequitur run` reads standard input and pipes';

/**
 * Returns the sources and sinks of a plan's tables, by their options. `replace` gets them and
 * returns the ones to use instead.
 */
export function tableEndpoints(
  {
    baseDirectory,
    roots = null,
    environment = () => undefined,
    pipes = NO_PIPES,
    print = () => {},
    collect,
  }: TablePlace,
  replace: (tables: Endpoints) => Partial<Endpoints> = () => ({}),
): EndpointFactory {
  return (request) => {
    const context: EndpointContext = { ...request, baseDirectory, roots, environment, pipes, print };
    const tables: Endpoints = {
      source: (node) => connectorOf(node).createSource!(withValues(node, context), context),
      sink: (node) =>
        node.options['connector'] === 'collect'
          ? collect!
          : connectorOf(node).createSink!(withValues(node, context), context),
      identity: ({ options }) => CONNECTORS.get(options['connector'] ?? '')?.identity?.(options) ?? null,
    };
    return { ...tables, ...replace(tables) };
  };
}

const connectorOf = ({ options }: ScanNode | SinkNode): Connector =>
  (CONNECTORS.get(options['connector']!) ?? INTERNAL.get(options['connector']!))!;

/** Returns the node with the values of the references in its options, which are checked now. */
function withValues<Node extends ScanNode | SinkNode>(node: Node, context: EndpointContext): Node {
  const options = resolveOptions(node.table, node.options, context);
  if (options === node.options) return node;
  const connector = connectorOf(node);
  const [mistake] = checkOptions(`table ${node.table}:`, options, specsOf(connector, options));
  if (mistake === undefined) return { ...node, options };
  throw new EngineError(
    mistake.code,
    `table ${node.table}: the value that option '${mistake.key}' refers to is not valid`,
    {
      table: node.table,
      option: mistake.key ?? '',
    },
  );
}

/** Returns the mistake if two options of the format contradict each other. */
function checkFormatConflict(options: TableOptions): OptionMistake[] {
  const conflict = findFormat(options['format'] ?? '')?.conflict?.(options) ?? null;
  return conflict === null ? [] : [{ key: null, code: 'CONFIG_INVALID_OPTION', message: conflict }];
}

const namesOf = (fields: readonly Field[]): string[] => fields.map(({ name }) => name);

/** Returns the mistake if the format cannot have the columns. */
function checkColumns(options: TableOptions, fields: readonly Field[]): OptionMistake[] {
  const message = findFormat(options['format'] ?? '')?.problem?.(fields) ?? null;
  return message === null ? [] : [{ key: 'format', code: 'CONFIG_INVALID_OPTION', message }];
}

/** Returns the delivery guarantee of a sink, for EXPLAIN. */
export function deliveryPromise(options: TableOptions): string {
  return (
    CONNECTORS.get(options['connector'] ?? '')?.promise ??
    'rows are handed to the caller as they come, not resumed after a crash'
  );
}

/** Returns why the table's input has no end; null: it ends. */
export function endlessInput(options: TableOptions): string | null {
  return CONNECTORS.get(options['connector'] ?? '')?.endless?.(options) ?? null;
}

/** The part of the registry that the compiler uses (its `ConnectorCatalog`). */
export const connectorCatalog = {
  connectorNames: (): readonly string[] => [...CONNECTORS.keys()],

  check(use: 'declare' | 'source' | 'sink', options: TableOptions, fields: readonly Field[]): readonly OptionMistake[] {
    const name = options['connector'];
    if (name === undefined) {
      return [
        {
          key: null,
          code: 'CONFIG_INVALID_OPTION',
          message: "the table needs the option 'connector'",
          hint: `connectors: ${[...CONNECTORS.keys()].join(', ')}`,
        },
      ];
    }
    const connector = CONNECTORS.get(name);
    if (connector === undefined) {
      const near = nearest(name, [...CONNECTORS.keys()]);
      return [
        {
          key: 'connector',
          code: 'CONFIG_INVALID_OPTION',
          message: `there is no connector '${name}'`,
          hint: near === undefined ? `connectors: ${[...CONNECTORS.keys()].join(', ')}` : `did you mean '${near}'?`,
        },
      ];
    }
    if (use !== 'declare' && !connector.uses.includes(use)) {
      return [
        {
          key: 'connector',
          code: 'CONFIG_INVALID_OPTION',
          message: `the connector '${name}' cannot be used as a ${use}`,
        },
      ];
    }
    return [
      ...checkFormat(connector, use, options),
      ...checkOptions(`the connector '${name}'`, options, specsOf(connector, options), namesOf(fields)),
      ...checkScanOptions(options),
      ...checkFormatConflict(options),
      ...(connector.formatted ? checkColumns(options, fields) : []),
    ];
  },

  metadata: (options: TableOptions): ReadonlyMap<string, Field> =>
    CONNECTORS.get(options['connector'] ?? '')?.metadata ?? new Map(),

  partitionProblem(options: TableOptions, column: Field): string | null {
    const name = options['connector'] ?? '';
    const connector = CONNECTORS.get(name);
    if (connector === undefined) return null;
    if (connector.partitionProblem !== undefined) return connector.partitionProblem(column);
    return `the connector '${name}' has no partitions; PARTITIONED BY is for 'filesystem'`;
  },

  extensions(options: TableOptions, fields: readonly Field[]): readonly OptionExtension[] {
    const connector = CONNECTORS.get(options['connector'] ?? '');
    const own = connector?.extensions?.(options) ?? [];
    const ofFormat = findFormat(options['format'] ?? '')?.extensions?.(options, fields) ?? [];
    return [...own, ...extendedOptions(connector, options), ...ofFormat, ...scanExtensions(options)];
  },

  endless: endlessInput,

  mayFallSilent: (options: TableOptions): boolean =>
    CONNECTORS.get(options['connector'] ?? '')?.mayFallSilent?.(options) ?? false,

  secrets(options: TableOptions): readonly string[] {
    const connector = CONNECTORS.get(options['connector'] ?? '');
    if (connector === undefined) return [];
    const specs = new Map(specsOf(connector, options).map((spec) => [spec.key, spec]));
    const patterns = connector.secretPatterns ?? [];
    return Object.keys(options).filter(
      (key) => specs.get(key)?.secret === true || patterns.some((pattern) => pattern.test(key)),
    );
  },

  acceptsChangelog(options: TableOptions): boolean {
    if (options['connector'] === 'collect') return true;
    const connector = CONNECTORS.get(options['connector'] ?? '');
    return connector?.acceptsChangelog === true || findFormat(options['format'] ?? '')?.acceptsChangelog === true;
  },
};

const CONNECTOR_OPTION: OptionSpec = {
  key: 'connector',
  type: 'string',
  required: true,
  literal: true,
  summary: 'the connector',
};
const FORMAT_OPTION: OptionSpec = {
  key: 'format',
  type: 'string',
  required: true,
  literal: true,
  summary: 'how rows are written as bytes',
};

/** Returns the given options of the connector that Flink does not have. */
function extendedOptions(connector: Connector | undefined, options: TableOptions): readonly OptionExtension[] {
  return (connector?.options ?? []).flatMap(({ key, portable }) =>
    portable === undefined || options[key] === undefined ? [] : [{ key, what: `option '${key}'`, portable }],
  );
}

function specsOf(connector: Connector, options: TableOptions): readonly OptionSpec[] {
  const scan = connector.uses.includes('source') ? SCAN_OPTIONS : [];
  if (!connector.formatted) return [CONNECTOR_OPTION, ...connector.options, ...scan];
  const formatOptions = (findFormat(options['format'] ?? '')?.options ?? []) as readonly OptionSpec[];
  return [CONNECTOR_OPTION, FORMAT_OPTION, ...connector.options, ...formatOptions, ...scan];
}

function checkFormat(
  connector: Connector,
  use: 'declare' | 'source' | 'sink',
  options: TableOptions,
): readonly OptionMistake[] {
  const name = options['format'];
  if (!connector.formatted || name === undefined) return [];
  const format = findFormat(name);
  if (format === undefined) {
    const near = nearest(name, formatNames('declare'));
    return [
      {
        key: 'format',
        code: 'CONFIG_INVALID_OPTION',
        message: `there is no format '${name}'`,
        hint: near === undefined ? `formats: ${formatNames(use).join(', ')}` : `did you mean '${near}'?`,
      },
    ];
  }
  if (use !== 'declare' && !format.uses.includes(use)) {
    return [
      {
        key: 'format',
        code: 'CONFIG_INVALID_OPTION',
        message: `the format '${name}' cannot be used for a ${use}`,
        hint: `formats: ${formatNames(use).join(', ')}`,
      },
    ];
  }
  return [];
}
