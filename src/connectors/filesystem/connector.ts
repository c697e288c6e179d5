import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { parseDuration } from '../../core/quantity.ts';
import { createDecoder, createEncoder, fileSuffix } from '../../formats/format-registry.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { Connector, EndpointContext, TableOptions } from '../connector.ts';
import { DEAD_LETTER_OPTION, malformedRecords } from '../malformed-records.ts';
import { rootedPath } from '../rooted-path.ts';
import { FILE_METADATA, FileColumns, withoutFileColumns } from './file-columns.ts';
import { type FileList, listFiles } from './file-list.ts';
import { hasWildcard, matching, matchingRegex, type PathPattern, pathPattern } from './file-pattern.ts';
import { FileSplits } from './file-splits.ts';
import { LinePlace } from './line-place.ts';
import { DEFAULT_PARTITION, PartitionReader, partitionProblem, partitionWriter } from './partition-path.ts';
import { PartitionedSink } from './partitioned-sink.ts';
import { type Pipe, pipeOf, STANDARD_INPUT } from './pipe.ts';
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

/** Returns the list without the files that the options leave out. */
function filtered(list: FileList, pattern: PathPattern | null, options: TableOptions, isFollowed: boolean): FileList {
  const regex = options['source.path.regex-pattern'];
  const chosen = pattern === null ? list : matching(list, pattern, isFollowed);
  return regex === undefined ? chosen : matchingRegex(chosen, regex);
}

/** Reads a pipe to its end. It has no metadata and no folders. */
function pipeSource(pipe: Pipe, node: ScanNode, context: EndpointContext): FileSource {
  const column = node.columns.find(({ source }) => source !== 'physical');
  if (column !== undefined) {
    const message = `table ${node.table}: ${pipe.name} has no '${column.key}'; it is not a file`;
    throw new EngineError('CONNECTOR_READ', message, { table: node.table });
  }
  const place = new LinePlace();
  const malformed = malformedRecords(node, context, place.of);
  const decoder = createDecoder(node.options, node, context.batchRows, malformed.handle);
  const { clock } = context;
  const header = node.options['csv.header']?.toLowerCase() === 'true';
  return new FileSource({ root: pipe.name, pipe, header, decoder, malformed, place, clock, monitorMs: null });
}

/** Files: a source reads one or a directory of them, a sink writes parts into a directory. */
export const filesystem: Connector = {
  name: 'filesystem',
  summary: 'files with records',
  reads:
    'A file, a directory or files that match wildcards. `-` is standard input. The source ends after the files that exist at the start of the job. With `source.monitor-interval`, the source also reads new files and appended lines, and does not end.',
  writes: 'Rows go to new files in a directory. Existing files are not changed.',
  uses: ['source', 'sink'],
  formatted: true,
  promise: 'exactly once: parts become visible when the checkpoint that lists them is durable',
  options: [
    { key: 'path', type: 'string', required: true, summary: 'file or directory, relative to the SQL file' },
    {
      key: 'source.monitor-interval',
      type: 'duration',
      use: 'source',
      summary: 'how often to look for new files and appended lines; without it the input is bounded',
    },
    {
      key: 'source.split-by',
      type: ['path', 'file'],
      use: 'source',
      default: 'path',
      portable: 'leave the option out',
      summary:
        '`path`: one file after the other, with one watermark; `file`: each file has a watermark of its own, and the job reads the file with the lowest one next',
    },
    {
      key: 'source.path.regex-pattern',
      type: 'string',
      use: 'source',
      summary: 'read only the files whose absolute path matches the whole regular expression',
    },
    {
      key: 'partition.default-name',
      type: 'string',
      default: DEFAULT_PARTITION,
      summary: 'the folder for rows whose column of PARTITIONED BY is NULL or empty',
    },
    DEAD_LETTER_OPTION,
  ],
  metadata: FILE_METADATA,
  partitionProblem,
  extensions({ path: written = '' }) {
    if (written === '-') return [{ key: 'path', what: 'standard input', portable: 'write the rows to a file first' }];
    if (!hasWildcard(written)) return [];
    const portable = "give the directory as 'path', and 'source.path.regex-pattern'";
    return [{ key: 'path', what: 'wildcards in a path', portable }];
  },
  endless: (options) =>
    options['source.monitor-interval'] === undefined ? null : "it goes on reading ('source.monitor-interval')",
  mayFallSilent: (options) =>
    options['source.monitor-interval'] !== undefined || STANDARD_INPUT.has(options['path'] ?? ''),
  identity: (options) => options['path'] ?? null,
  createSource(node, context) {
    const { options } = node;
    const { clock } = context;
    const pipe = pipeOf(node.table, options, context);
    if (pipe !== null) return pipeSource(pipe, node, context);
    const full = rootedPath(options['path']!, context);
    const interval = options['source.monitor-interval'];
    const monitorMs = interval === undefined ? null : parseDuration(interval);
    const pattern = pathPattern(full);
    const root = pattern?.directory ?? full;
    const listOf = (where: string): FileList => listFiles.bind(null, where, (link) => void rootedPath(link, context));
    const list = filtered(listOf(root), pattern, options, monitorMs !== null);
    const decoded = withoutFileColumns(node);
    const defaultPartition = options['partition.default-name'] ?? DEFAULT_PARTITION;
    const partitions = new PartitionReader(root, node.partitionedBy ?? [], defaultPartition);
    const open = (file: string, looksEveryMs: number | null, files: FileList, split?: string): FileSource => {
      const place = new LinePlace();
      const malformed = malformedRecords(node, context, place.of);
      const decoder = createDecoder(options, decoded ?? node, context.batchRows, malformed.handle);
      return new FileSource({
        root: file,
        list: files,
        decoder,
        fileColumns: decoded === null ? null : new FileColumns(node, partitions),
        header: options['csv.header']?.toLowerCase() === 'true',
        malformed,
        place,
        clock,
        monitorMs: looksEveryMs,
        ...(split === undefined ? {} : { split }),
      });
    };
    if (options['source.split-by'] !== 'file') return open(root, monitorMs, list);
    return new FileSplits({
      root,
      list,
      clock,
      monitorMs,
      // The source checks its file at each poll.
      open: (file, id) => open(file, monitorMs === null ? null : 0, listOf(file), id),
    });
  },
  createSink(node, context) {
    const { options, partitionedBy = [] } = node;
    const stored = node.fields.filter((_, i) => !partitionedBy.includes(i));
    const common = {
      job: partOwner(context.job, node.name),
      suffix: fileSuffix(options),
      encoder: createEncoder(options, stored),
      durable: context.checkpointed,
      ...(context.disk === undefined ? {} : { disk: context.disk }),
    };
    const directory = path.resolve(rootedPath(options['path']!, context));
    if (partitionedBy.length === 0) return new FileSink({ ...common, directory });
    return new PartitionedSink({
      ...common,
      directory,
      partitionedBy,
      width: node.fields.length,
      folderOf: partitionWriter(
        partitionedBy.map((i) => node.fields[i]!),
        options['partition.default-name'] ?? DEFAULT_PARTITION,
      ),
    });
  },
};
