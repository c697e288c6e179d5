import path from 'node:path';
import { parseDuration } from '../../core/quantity.ts';
import { createDecoder, createEncoder, fileSuffix } from '../../formats/format-registry.ts';
import type { Connector } from '../connector.ts';
import { DEAD_LETTER_OPTION, malformedRecords } from '../malformed-records.ts';
import { rootedPath } from '../rooted-path.ts';
import { LinePlace } from './line-place.ts';
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
    DEAD_LETTER_OPTION,
  ],
  endless: (options) =>
    options['source.monitor-interval'] === undefined ? null : "it goes on reading ('source.monitor-interval')",
  createSource(node, context) {
    const { options } = node;
    const place = new LinePlace();
    const malformed = malformedRecords(node, context, place.of);
    const interval = options['source.monitor-interval'];
    return new FileSource({
      root: rootedPath(options['path']!, context),
      decoder: createDecoder(options, node, context.batchRows, malformed.handle),
      malformed,
      place,
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
