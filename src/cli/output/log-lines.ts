import fs from 'node:fs';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/**
 * Returns the destination of the log: standard error. The lines are JSON, or short lines on a
 * terminal.
 */
export function logLines(): { write(line: string): void } {
  if (!process.stderr.isTTY) return { write: (line) => writeAll(line) };
  return { write: (line) => writeAll(readable(line)) };
}

/** Formats a line for a terminal: `10:00:00 info state job=pairs.alerts state=RUNNING` */
export function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${shown(value)}`);
  return `${[String(time).slice(11, 19), (LEVELS[Number(level)] ?? '').padEnd(5), msg, ...rest].join(' ')}\n`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Writes text to the log. A closed log must not end the service. */
function writeAll(text: string): void {
  try {
    fs.writeSync(2, text);
  } catch {
    // The pipe is closed or full: the line is lost.
  }
}
