import { type FileExample, outputOf } from './run-files.ts';

/** Runs an example, and writes its files, its text and its output as blocks. */
export async function exampleSection(example: FileExample): Promise<string> {
  const files = Object.entries(example.files ?? {}).map(([file, text]) => `\`${file}\`:\n\n${block('text', text)}\n\n`);
  const output = await outputOf(example);
  const result = output === '' ? 'The example has no output.' : `The output:\n\n${block('text', output)}`;
  return `${files.join('')}${block('sql', `${example.sql}\n`)}\n\n${result}`;
}

const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\`\`\``;
