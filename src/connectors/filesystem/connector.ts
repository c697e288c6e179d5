import path from 'node:path';
import { parseDuration } from '../../core/quantity.ts';
import { createDecoder, createEncoder, fileSuffix } from '../../formats/format-registry.ts';
import type { Connector } from '../connector.ts';
import { rootedPath } from '../rooted-path.ts';
import { MalformedRows } from './malformed-rows.ts';
import { FileSink } from './sink.ts';
import { FileSource } from './source.ts';

/**
 * What the names of a sink's parts begin with. Two sinks of a job may write into one directory and
 * must not write the same files; that of the table the job has its name from needs no addition.
 */
function partOwner(job: string, sink: string): string {
  const own = sink.replace(/\.sink(?=(-\d+)?$)/, '');
  return job === own || job.endsWith(`.${own}`) ? job : `${job}.${own}`;
}

/** Files: a source reads one or a directory of them, a sink writes parts into a directory. */
export const filesystem: Connector = {
  name: 'filesystem',
  summary: 'lines of files',
  uses: ['source', 'sink'],
  formatted: true,
  promise: 'exactly once: parts become visible when the checkpoint that lists them is durable',
  options: [
    { key: 'path', type: 'string', required: true, summary: 'file or directory; relative to the SQL file' },
    {
      key: 'source.monitor-interval',
      type: 'duration',
      use: 'source',
      summary: 'go on reading: look for new files and appended lines at this interval; without it the input is bounded',
    },
    {
      key: 'dead-letter.path',
      type: 'string',
      use: 'source',
      summary: 'file that gets malformed lines with the reason instead of failing the job',
    },
  ],
  endless: (options) =>
    options['source.monitor-interval'] === undefined ? null : "it goes on reading ('source.monitor-interval')",
  createSource(node, context) {
    const { options } = node;
    const deadLetters = options['dead-letter.path'];
    const ignore = options[`${options['format']}.ignore-parse-errors`]?.toLowerCase() === 'true';
    const malformed = new MalformedRows(
      node.table,
      ignore ? 'ignore' : 'fail',
      deadLetters === undefined ? null : rootedPath(deadLetters, context),
    );
    const interval = options['source.monitor-interval'];
    return new FileSource({
      root: rootedPath(options['path']!, context),
      decoder: createDecoder(options, node, context.batchRows, malformed.handle),
      malformed,
      clock: context.clock,
      monitorMs: interval === undefined ? null : parseDuration(interval),
    });
  },
  createSink(node, context) {
    return new FileSink({
      directory: path.resolve(rootedPath(node.options['path']!, context)),
      job: partOwner(context.job, node.name),
      suffix: fileSuffix(node.options),
      encoder: createEncoder(node.options, node.fields),
      durable: context.checkpointed,
      ...(context.disk === undefined ? {} : { disk: context.disk }),
    });
  },
};
