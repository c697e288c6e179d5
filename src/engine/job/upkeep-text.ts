import type { JobEvent } from './job-options.ts';

/** For people: what was found, and what becomes of it. */
export function damageText({ epoch, error, mended }: Extract<JobEvent, { kind: 'checkpoint-damaged' }>): string {
  const next = mended ? 'the next checkpoint stores its files anew' : 'a restore would go on from another one';
  return `checkpoint ${epoch}, read back: ${error.message}; ${next}`;
}

const NAMED = 3;

export function unknownFilesText(files: readonly string[]): string {
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  const what =
    files.length === 1 ? 'a file that is none of its own, which stays' : 'files that are none of its own, which stay';
  return `among the checkpoints lie ${what}: ${files.slice(0, NAMED).join(', ')}${more}`.replace('lie a', 'lies a');
}
