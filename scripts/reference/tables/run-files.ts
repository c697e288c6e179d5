import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../../src/index.ts';

/** A SQL text over files, for the pages of connectors and formats. */
export interface FileExample {
  /** The files of the directory, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  readonly sql: string;
}

/** Runs the text in a new directory. Returns what it printed, wrote below `out`, or selected. */
export async function outputOf({ files = {}, sql }: FileExample): Promise<string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-reference-'));
  try {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
    let printed = '';
    const program = await run(sql, {
      baseDirectory: directory,
      settings: { 'state.backend.type': 'memory' },
      print: (text) => {
        printed += text;
      },
    });
    await program.finished;
    await program.close();
    return printed + writtenBelow(path.join(directory, 'out'));
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

function writtenBelow(directory: string): string {
  if (!fs.existsSync(directory)) return '';
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('');
}
