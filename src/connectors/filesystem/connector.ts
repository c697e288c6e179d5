import path from 'node:path';
import { parseDuration } from '../../core/quantity.ts';
import { createDecoder, createEncoder, fileSuffix } from '../../formats/format-registry.ts';
import type { Connector } from '../connector.ts';
import { DEAD_LETTER_OPTION, malformedRecords } from '../malformed-records.ts';
import { rootedPath } from '../rooted-path.ts';
import { listFiles } from './file-list.ts';
import { FileSplits } from './file-splits.ts';
import { LinePlace } from './line-place.ts';
import { FileSink } from './sink.ts';
import { FileSource } from './source.ts';

/**
 * Returns the prefix of the names of a sink's parts. Two sinks of a job may write into one
 * directory and must not write the same files. The sink of the table that gives the job its name
 * uses the job's name without an addition.
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
      key: 'source.split-by',
      type: ['path', 'file'],
      use: 'source',
      default: 'path',
      summary:
        '`path`: one file after the other, with one watermark; `file`: each file has a watermark of its own, and the lowest goes next',
    },
    DEAD_LETTER_OPTION,
  ],
  endless: (options) =>
    options['source.monitor-interval'] === undefined ? null : "it goes on reading ('source.monitor-interval')",
  identity: (options) => options['path'] ?? null,
  createSource(node, context) {
    const { options } = node;
    const { clock } = context;
    const root = rootedPath(options['path']!, context);
    const interval = options['source.monitor-interval'];
    const monitorMs = interval === undefined ? null : parseDuration(interval);
    const list = (where: string) => (): readonly string[] => listFiles(where, (link) => void rootedPath(link, context));
    const open = (file: string, looksEveryMs: number | null, split?: string): FileSource => {
      const place = new LinePlace();
      const malformed = malformedRecords(node, context, place.of);
      const decoder = createDecoder(options, node, context.batchRows, malformed.handle);
      const reading = { root: file, decoder, malformed, place, clock, monitorMs: looksEveryMs, list: list(file) };
      return new FileSource(split === undefined ? reading : { ...reading, split });
    };
    if (options['source.split-by'] !== 'file') return open(root, monitorMs);
    return new FileSplits({
      root,
      list: list(root),
      clock,
      monitorMs,
      // The source checks its file at each poll.
      open: (file, id) => open(file, monitorMs === null ? null : 0, id),
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
