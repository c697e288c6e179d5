/**
 * Writes docs/configuration.md from the one list of settings:
 * `node scripts/generate-config-docs.ts`. A test fails when the page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import { variableOf } from '../src/config/configuration.ts';
import { typeText } from '../src/core/setting-types.ts';
import { SETTINGS, type Setting } from '../src/core/settings.ts';

const GROUPS: readonly (readonly [prefix: string, title: string])[] = [
  ['sequitur.', 'Patterns and language'],
  ['table.', 'Time'],
  ['pipeline.', 'Jobs'],
  ['parallelism.', 'Threads'],
  ['execution.checkpointing.', 'Checkpoints'],
  ['s3.', 'S3'],
  ['hadoop.', 'HDFS'],
  ['state.', 'State'],
  ['restart-strategy.', 'Restarts'],
];

export function configurationPage(): string {
  const sections = GROUPS.map(([prefix, title]) => {
    const rows = SETTINGS.filter(({ key }) => key.startsWith(prefix)).map(row);
    return `## ${title}\n\n| setting | values | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Settings

Made by \`scripts/generate-config-docs.ts\` from \`src/core/settings.ts\`.

A setting has one name in all places. It is Flink's name where Flink has the setting:

| where | how | |
|---|---|---|
| flag | \`--set state.memory=1gb\`, or a flag of its own such as \`--checkpoint-dir\` | wins over all others |
| SQL | \`SET 'sequitur.match.on-limit' = 'drop-new';\` | for the text that contains it; not settings of the process (ᵖ) in SQL over HTTP |
| environment | \`${variableOf('state.memory')}=1gb\`: the name in capitals, dots and dashes as underscores | |
| file | \`--config FILE\`, or \`SEQUITUR_CONFIG\`: lines \`key: value\`; \`#\` begins a comment | |

\`sequitur config\` prints every setting with its value and where that comes from, as JSON when it is piped; \`sequitur config --service\` with the
defaults of \`serve\`; \`sequitur config checkpoint\` those whose names contain the word. A setting that is not in this list is refused in all places; one of Flink's that changes
nothing here is accepted with a warning. Values that contradict each other are refused with the reason, and so is a \`state.memory\` beyond what the machine or the control group of the process has.

${sections.join('\n')}`;
}

function row({ key, type, default: normal, serviceDefault, scope, meaning }: Setting): string {
  const values = typeText(type).replaceAll('|', '\\|');
  const shown = (value: string | null): string => (value === null ? 'none' : `\`${value}\``);
  const service = serviceDefault === undefined ? '' : `; \`serve\`: ${shown(serviceDefault)}`;
  return `| \`${key}\`${scope === 'process' ? ' ᵖ' : ''} | ${values} | ${shown(normal)}${service} | ${meaning} |`;
}

if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(path.join(import.meta.dirname, '..', 'docs', 'configuration.md'), configurationPage());
}
