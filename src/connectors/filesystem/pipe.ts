import fs from 'node:fs';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { EngineError } from '../../core/engine-error.ts';
import { claimStandardInput } from '../../core/standard-input.ts';
import type { EndpointContext, TableOptions } from '../connector.ts';
import { rootedPath } from '../rooted-path.ts';

/** Paths that name standard input. */
export const STANDARD_INPUT: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** A source that can be read only once, and only forward. */
export interface Pipe {
  /** As the messages call it. */
  readonly name: string;
  open(): Readable;
}

/** Paths of pipes that a job of this process reads or has read. */
const claimed = new Set<string>();

/**
 * Returns the pipe of a path: standard input, or a named pipe; null: it is a file or a directory.
 * Throws CONNECTOR_READ if the table cannot read a pipe.
 */
export function pipeOf(table: string, options: TableOptions, context: EndpointContext): Pipe | null {
  const written = options['path']!;
  const isInput = STANDARD_INPUT.has(written);
  const file = isInput ? written : rootedPath(written, context);
  if (!isInput && fs.statSync(file, { throwIfNoEntry: false })?.isFIFO() !== true) return null;
  const name = isInput ? 'standard input' : `the pipe ${file}`;
  const refuse = (why: string): never => {
    throw new EngineError('CONNECTOR_READ', `table ${table} cannot read ${name}: ${why}`, { table, path: written });
  };
  if (context.pipes !== 'read') refuse(context.pipes);
  if (options['source.monitor-interval'] !== undefined)
    refuse("it is read until it ends; leave out 'source.monitor-interval'");
  if (options['source.split-by'] === 'file') refuse("it is one stream; leave out 'source.split-by'");
  if (isInput) {
    claimStandardInput(`table ${table}`);
    return { name, open: () => process.stdin };
  }
  if (claimed.has(file)) refuse('it was read before, and its rows cannot be read again');
  claimed.add(file);
  return { name, open: () => openNamedPipe(file) };
}

/**
 * Opens a named pipe. The open call waits for a writer, and a read would wait for bytes. Both would
 * keep the process from ending, so the reads are those of a socket, and `destroy` ends the wait.
 */
function openNamedPipe(file: string): Readable {
  const content = new PassThrough();
  let isOpen = false;
  fs.open(file, 'r', (error, fd) => {
    isOpen = true;
    if (error !== null) return content.destroy(error);
    if (content.destroyed) return fs.closeSync(fd);
    // Loaded here, because most jobs have no pipe.
    const { Socket } = process.getBuiltinModule('node:net');
    return pipeline(new Socket({ fd, readable: true, writable: false }), content, () => {});
  });
  content.once('close', () => {
    if (isOpen) return;
    try {
      fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK));
    } catch {
      // The pipe is gone, so nothing waits for a writer.
    }
  });
  return content;
}
