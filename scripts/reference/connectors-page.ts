import type { Connector } from '../../src/connectors/connector.ts';
import { CONNECTORS } from '../../src/connectors/connector-registry.ts';
import { SCAN_OPTIONS } from '../../src/connectors/scan-options.ts';
import { typeName } from '../../src/core/data-type.ts';
import { code, paragraph, table } from './markdown.ts';
import { CONNECTOR_EXAMPLES } from './tables/connector-examples.ts';
import { exampleSection } from './tables/example-section.ts';
import { optionTable } from './tables/option-table.ts';
import { CAST_TYPES } from './types/casts.ts';

/** Returns docs/connectors.md. Runs the examples. */
export async function connectorsPage(): Promise<string> {
  const connectors = [...CONNECTORS.values()];
  const sections: string[] = [];
  for (const connector of connectors) sections.push(await sectionOf(connector));
  return `# Connectors

Made by \`scripts/generate-reference.ts\` from the definitions in \`src/connectors\` and the examples in
\`scripts/reference/tables\`. The tests run the examples.

The option \`connector\` of a table names its connector. Options have Flink's names and meanings. An
unknown option is refused. An option marked *extended* is not in Flink. The value of an option may
be a [reference](../grammar/README.md#tables-and-views) to a variable or a file, for example for a
password. A [program](library.md) can give a table its rows without a connector.

${table(['connector', 'what', 'source', 'sink', 'format', 'changes'], connectors.map(overviewOf))}

*Format* says whether the option \`format\` is required ([formats](formats.md)). *Changes* says
whether a sink accepts rows that update and delete earlier rows.

## Options of every source

These options are about event time. They are valid for every table that is read.

${optionTable(SCAN_OPTIONS, { connector: 'filesystem' })}

${sections.join('\n')}`;
}

const yes = (value: boolean): string => (value ? 'yes' : '');

function overviewOf({ name, summary, uses, formatted, acceptsChangelog }: Connector): string[] {
  const changes = !uses.includes('sink') ? '' : acceptsChangelog === true ? 'yes' : formatted ? 'by format' : 'no';
  return [
    `[\`${name}\`](#${name})`,
    summary,
    yes(uses.includes('source')),
    yes(uses.includes('sink')),
    yes(formatted),
    changes,
  ];
}

async function sectionOf(connector: Connector): Promise<string> {
  const { name, reads, writes, promise, options, endless } = connector;
  const parts = [`## ${name}`];
  if (reads !== undefined) parts.push(paragraph(`**Source.** ${reads} ${boundedText(endless)}`));
  if (writes !== undefined) parts.push(paragraph(`**Sink.** ${writes} Delivery: ${promise}.`));
  if (name === 'filesystem') parts.push('[Files](files.md) describes reading and writing in detail.');
  if (options.length > 0) parts.push(optionTable(options, { connector: name, format: 'json' }));
  else parts.push('This connector has no options.');
  parts.push(...metadataOf(connector), ...partitionsOf(connector), await exampleOf(name));
  return `${parts.join('\n\n')}\n`;
}

/** Says whether an input ends, from the answer of the connector for a table without options. */
function boundedText(endless: Connector['endless']): string {
  const bounded = endless === undefined || endless({}) === null;
  return `The source is ${bounded ? 'bounded' : 'unbounded'} by default.`;
}

function metadataOf({ metadata }: Connector): string[] {
  if (metadata === undefined) return [];
  const rows = [...metadata.values()].map(({ name, type, summary }) => [code(name), typeName(type), summary]);
  return ["Columns with `METADATA FROM 'key'`:", table(['key', 'type', 'value'], rows)];
}

function partitionsOf({ partitionProblem }: Connector): string[] {
  if (partitionProblem === undefined) return [];
  const names = CAST_TYPES.filter(([name, type]) => partitionProblem({ name, type }) === null).map(([name]) => name);
  return [paragraph(`A column of PARTITIONED BY has one of these types: ${names.join(', ')}.`)];
}

async function exampleOf(name: string): Promise<string> {
  const example = CONNECTOR_EXAMPLES[name];
  if (example === undefined) throw new Error(`the connector ${name} has no example`);
  return exampleSection(example);
}
