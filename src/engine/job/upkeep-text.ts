import type { JobEvent } from './job-options.ts';

/** Returns the log message for found damage, and its consequence. */
export function damageText({ epoch, error, mended }: Extract<JobEvent, { kind: 'checkpoint-damaged' }>): string {
  const next = mended ? 'the next checkpoint stores its files again' : 'a restore would use another checkpoint';
  return `checkpoint ${epoch}, read back: ${error.message}; ${next}`;
}

const NAMED = 3;

/**
 * Returns the log message for unknown files. They are not deleted, because only files that this
 * program named are ever deleted.
 */
export function unknownFilesText(files: readonly string[]): string {
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `not ours among the checkpoints, and left alone: ${files.slice(0, NAMED).join(', ')}${more}`;
}
