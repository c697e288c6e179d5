/**
 * Settings of Flink 2.3 that have no effect here. They configure Flink's cluster, speed or client.
 * They do not change the rows of a query. The keys are the first parts of the names.
 */
const NO_EFFECT: Readonly<Record<string, string>> = {
  cluster: `
    id intercept-user-system-exit io-pool.size processes.halt-on-fatal-error registration.error-delay
    registration.initial-timeout registration.max-timeout registration.refused-registration-delay
    services.shutdown-timeout thread-dump.stacktrace-max-depth uncaught-exception-handling
  `,
  env: `
    hadoop.conf.dir hbase.conf.dir java.default-opts.all java.default-opts.jobmanager
    java.default-opts.taskmanager java.home java.opts.all java.opts.client java.opts.historyserver
    java.opts.jobmanager java.opts.sql-gateway java.opts.taskmanager log.dir log.level log.max pid.dir ssh.opts
    stdout-err.redirect-to-file yarn.conf.dir
  `,
  execution: `
    async-state.active-buffer-size async-state.active-buffer-timeout async-state.total-buffer-size attached
    batch-shuffle-mode batch-state-backend.enabled batch.adaptive.auto-parallelism.avg-data-volume-per-task
    batch.adaptive.auto-parallelism.default-source-parallelism batch.adaptive.auto-parallelism.enabled
    batch.adaptive.auto-parallelism.max-parallelism batch.adaptive.auto-parallelism.min-parallelism
    batch.job-recovery.enabled batch.job-recovery.previous-worker.recovery.timeout
    batch.job-recovery.snapshot.min-pause batch.speculative.block-slow-node-duration batch.speculative.enabled
    batch.speculative.max-concurrent-executions buffer-timeout.enabled buffer-timeout.interval
    checkpointing.aligned-checkpoint-timeout checkpointing.checkpoints-after-tasks-finish
    checkpointing.cleaner.parallel-mode checkpointing.create-subdir checkpointing.data-inline-threshold
    checkpointing.during-recovery.enabled checkpointing.file-merging.across-checkpoint-boundary
    checkpointing.file-merging.enabled checkpointing.file-merging.max-file-size
    checkpointing.file-merging.max-space-amplification checkpointing.file-merging.max-subtasks-per-file
    checkpointing.file-merging.pool-blocking checkpointing.incremental checkpointing.interval-during-backlog
    checkpointing.local-backup.dirs checkpointing.local-backup.enabled checkpointing.mode
    checkpointing.savepoint-dir checkpointing.snapshot-compression checkpointing.storage
    checkpointing.unaligned.enabled checkpointing.unaligned.forced
    checkpointing.unaligned.interruptible-timers.enabled
    checkpointing.unaligned.max-subtasks-per-channel-state-file
    checkpointing.unaligned.recover-output-on-downstream.enabled checkpointing.write-buffer-size job-listeners
    job-status-changed-listeners program-config.enabled program-config.wildcards shutdown-on-application-finish
    shutdown-on-attached-exit sort-keyed-partition.memory sort-partition.memory sorted-inputs.enabled
    sorted-inputs.memory state-recovery.approximate-local-recovery state-recovery.claim-mode
    state-recovery.from-local submit-failed-job-on-application-error
    terminate-application-on-any-job-terminated-exceptionally
  `,
  jobmanager: `
    adaptive-scheduler.executing.cooldown-after-rescaling
    adaptive-scheduler.executing.resource-stabilization-timeout adaptive-scheduler.min-parallelism-increase
    adaptive-scheduler.prefer-minimal-taskmanagers adaptive-scheduler.rescale-trigger.max-checkpoint-failures
    adaptive-scheduler.rescale-trigger.max-delay adaptive-scheduler.resource-stabilization-timeout
    adaptive-scheduler.resource-wait-timeout adaptive-scheduler.scaling-interval.max
    adaptive-scheduler.scaling-interval.min adaptive-scheduler.submission.resource-stabilization-timeout
    adaptive-scheduler.submission.resource-wait-timeout archive.fs.dir bind-host execution.attempts-history-size
    execution.failover-strategy failure-enrichers future-pool.size io-pool.size
    memory.enable-jvm-direct-memory-limit memory.flink.size memory.heap.size memory.jvm-metaspace.size
    memory.jvm-overhead.fraction memory.jvm-overhead.max memory.jvm-overhead.min memory.off-heap.size
    memory.process.size partition.hybrid.partition-data-consume-constraint partition.release-during-job-execution
    resource-id retrieve-taskmanager-hostname rpc.address rpc.bind-port rpc.port scheduler
  `,
  metrics: `
    fetcher.update-interval internal.query-service.port internal.query-service.thread-priority job.status.enable
    latency.granularity latency.history-size latency.interval reporters scope.delimiter scope.jm scope.jm-job
    scope.jm-operator scope.operator scope.task scope.tm scope.tm-job system-resource
    system-resource-probing-interval
  `,
  pipeline: `
    auto-generate-uids auto-watermark-interval cep.sharedbuffer.cache.entry-slots
    cep.sharedbuffer.cache.event-slots cep.sharedbuffer.cache.statistics-interval closure-cleaner-level force-avro
    force-kryo force-kryo-avro generic-types global-job-parameters jobvertex-parallelism-overrides max-parallelism
    object-reuse operator-chaining.chain-operators-with-different-max-parallelism operator-chaining.enabled
    serialization-config sources.pause-until-first-checkpoint vertex-description-mode
    vertex-name-include-index-prefix watermark-alignment.allow-unaligned-source-splits
    watermark-alignment.buffer-size
  `,
  rest: `
    address async.store-duration await-leader-timeout bind-address bind-port cache.checkpoint-statistics.size
    cache.checkpoint-statistics.timeout cache.execution-graph.timeout client.max-content-length connection-timeout
    flamegraph.cleanup-interval flamegraph.delay-between-samples flamegraph.enabled flamegraph.num-samples
    flamegraph.refresh-interval flamegraph.stack-depth idleness-timeout path port profiling.dir
    profiling.duration-max profiling.enabled profiling.history-size retry.delay retry.max-attempts
    server.max-content-length server.numThreads server.thread-priority url-prefix
  `,
  'sql-client': `
    display.color-schema display.print-time-cost display.show-line-numbers execution.max-table-result.rows
    execution.result-mode prompt verbose
  `,
  state: `
    backend.incremental backend.local-recovery backend.rocksdb.block.blocksize backend.rocksdb.block.cache-size
    backend.rocksdb.checkpoint.transfer.thread.num backend.rocksdb.compaction.style backend.rocksdb.localdir
    backend.rocksdb.log.level backend.rocksdb.memory.fixed-per-slot backend.rocksdb.memory.high-prio-pool-ratio
    backend.rocksdb.memory.managed backend.rocksdb.memory.partitioned-index-filters
    backend.rocksdb.memory.write-buffer-ratio backend.rocksdb.predefined-options backend.rocksdb.thread.num
    backend.rocksdb.timer-service.factory backend.rocksdb.use-bloom-filter backend.rocksdb.writebuffer.count
    backend.rocksdb.writebuffer.size changelog.enabled changelog.max-failures-allowed
    changelog.periodic-materialize.enabled changelog.periodic-materialize.interval changelog.storage
    checkpoints.dir checkpoints.num-retained latency-track.history-size latency-track.keyed-state-enabled
    latency-track.sample-interval latency-track.state-name-as-variable savepoints.dir size-track.history-size
    size-track.keyed-state-enabled size-track.sample-interval size-track.state-name-as-variable
  `,
  table: `
     display.max-column-width dml-sync exec.async-lookup.buffer-capacity exec.async-lookup.key-ordered-enabled
    exec.async-lookup.output-mode exec.async-lookup.timeout exec.async-ml-predict.max-concurrent-operations
    exec.async-ml-predict.output-mode exec.async-ml-predict.timeout exec.async-scalar.max-attempts
    exec.async-scalar.max-concurrent-operations exec.async-scalar.retry-delay exec.async-scalar.retry-strategy
    exec.async-scalar.timeout exec.async-state.enabled exec.async-table.max-concurrent-operations
    exec.async-table.max-retries exec.async-table.retry-delay exec.async-table.retry-strategy
    exec.async-table.timeout exec.async-vector-search.max-concurrent-operations
    exec.async-vector-search.output-mode exec.async-vector-search.timeout
    exec.deduplicate.insert-update-after-sensitive-enabled exec.deduplicate.mini-batch.compact-changes-enabled
    exec.delta-join.cache-enabled exec.delta-join.left.cache-size exec.delta-join.right.cache-size
    exec.disabled-operators exec.interval-join.min-cleanup-interval
    exec.local-hash-agg.adaptive.distinct-value-rate-threshold exec.local-hash-agg.adaptive.enabled
    exec.local-hash-agg.adaptive.sampling-threshold exec.mini-batch.allow-latency exec.mini-batch.enabled
    exec.mini-batch.size exec.operator-fusion-codegen.enabled exec.rank.topn-cache-size
    exec.resource.default-parallelism exec.resource.external-buffer-memory exec.resource.hash-agg.memory
    exec.resource.hash-join.memory exec.resource.sort.memory exec.simplify-operator-name-enabled
    exec.sink.keyed-shuffle exec.sink.require-on-conflict exec.sink.rowtime-inserter exec.sink.upsert-materialize
    exec.sink.upsert-materialize-strategy.adaptive.threshold.high
    exec.sink.upsert-materialize-strategy.adaptive.threshold.low exec.sink.upsert-materialize-strategy.type
    exec.sort.async-merge-enabled exec.sort.max-num-file-handles exec.spill-compression.block-size
    exec.spill-compression.enabled exec.uid.format exec.uid.generation exec.unbounded-over.version
    exec.window-agg.buffer-size-limit generated-code.max-length generated-code.max-members
    optimizer.adaptive-broadcast-join.strategy optimizer.agg-phase-strategy optimizer.bushy-join-reorder-threshold
    optimizer.delta-join.strategy optimizer.distinct-agg.split.bucket-num optimizer.distinct-agg.split.enabled
    optimizer.dynamic-filtering.enabled optimizer.incremental-agg-enabled optimizer.join-reorder-enabled
    optimizer.join.broadcast-threshold optimizer.multi-join.enabled optimizer.multiple-input-enabled
    optimizer.ptf.max-tables optimizer.reuse-optimize-block-with-digest-enabled optimizer.reuse-sink-enabled
    optimizer.reuse-source-enabled optimizer.reuse-sub-plan-enabled optimizer.runtime-filter.enabled
    optimizer.runtime-filter.max-build-data-size optimizer.runtime-filter.min-filter-ratio
    optimizer.runtime-filter.min-probe-data-size optimizer.skewed-join-optimization.skewed-factor
    optimizer.skewed-join-optimization.skewed-threshold optimizer.skewed-join-optimization.strategy
    optimizer.source.report-statistics-enabled optimizer.sql2rel.project-merge.enabled
    optimizer.union-all-as-breakpoint-enabled plan.compile.catalog-objects plan.force-recompile
    plan.restore.catalog-objects resources.download-dir rtas-ctas.atomicity-enabled
  `,
  taskmanager: `
    bind-host collect-sink.port cpu.cores data.bind-port data.port data.ssl.enabled debug.memory.log
    debug.memory.log-interval host jvm-exit-on-oom load-balance.mode log.path memory.flink.size
    memory.framework.heap.size memory.framework.off-heap.batch-shuffle.size memory.framework.off-heap.size
    memory.jvm-metaspace.size memory.jvm-overhead.fraction memory.jvm-overhead.max memory.jvm-overhead.min
    memory.managed.consumer-weights memory.managed.fraction memory.managed.size memory.min-segment-size
    memory.network.fraction memory.network.max memory.network.min memory.process.size memory.segment-size
    memory.starting-segment-size memory.task.heap.size memory.task.off-heap.size
    network.adaptive-partitioner.enabled network.adaptive-partitioner.max-traverse-size network.bind-policy
    network.compression.codec network.detailed-metrics network.hybrid-shuffle.external-remote-tier-factory.class
    network.hybrid-shuffle.remote.path network.memory.buffer-debloat.enabled network.memory.buffer-debloat.period
    network.memory.buffer-debloat.samples network.memory.buffer-debloat.target
    network.memory.buffer-debloat.threshold-percentages network.memory.buffers-request-timeout
    network.memory.read-buffer.required-per-gate.max network.netty.client.connectTimeoutSec
    network.netty.client.tcp.keepCount network.netty.client.tcp.keepIdleSec
    network.netty.client.tcp.keepIntervalSec network.partition-request-timeout network.request-backoff.initial
    network.request-backoff.max network.retries network.sort-shuffle.min-buffers
    network.tcp-connection.enable-reuse-across-jobs numberOfTaskSlots registration.timeout resource-id
    rpc.bind-port rpc.port runtime.fs-timeout runtime.hashjoin-bloom-filters runtime.large-record-handler
    runtime.max-fan runtime.sort-spilling-threshold slot.timeout system-out.log.cache-upper-size
    system-out.log.thread-name.enabled system-out.mode
  `,
  web: `
    access-control-allow-origin adaptive-scheduler.rescale-history.size cancel.enable checkpoints.history
    exception-history-size history log.path refresh-interval rescale.enable submit.enable timeout tmpdir
    upload.dir
  `,
};

let names: ReadonlySet<string> | null = null;

/** Returns whether the setting is one of Flink on which rows do not depend. */
export function isWithoutEffect(key: string): boolean {
  names ??= new Set(settingsWithoutEffect());
  return names.has(key);
}

/** Returns the names of all settings on which rows do not depend. */
export const settingsWithoutEffect = (): readonly string[] =>
  Object.entries(NO_EFFECT).flatMap(([first, rest]) =>
    rest
      .trim()
      .split(/\s+/)
      .map((each) => `${first}.${each}`),
  );

/** The only supported values of a setting of Flink. Other values would change rows. */
interface FixedSetting {
  readonly values: readonly string[];
  /** The feature that another value would request. */
  readonly what: string;
  readonly hint?: string;
}

const fixed = (what: string, ...values: readonly string[]): FixedSetting => ({ values, what });

/** Settings of Flink that could change rows, or start the job in another state. */
const FIXED: Readonly<Record<string, FixedSetting>> = {
  'execution.runtime-mode': {
    ...fixed('execution in batches', 'streaming'),
    hint: 'bounded input is read as a stream, and the job ends with it',
  },
  'execution.state-recovery.path': { ...fixed('a savepoint in a setting'), hint: 'give the flag --restore' },
  'pipeline.jars': fixed('code in Java'),
  'pipeline.classpaths': fixed('code in Java'),
  'pipeline.cached-files': fixed('code in Java'),
  'table.builtin-catalog-name': fixed('another catalog', 'default_catalog'),
  'table.builtin-database-name': fixed('another database', 'default_database'),
  'table.column-expansion-strategy': fixed('leaving out columns of `*`', ''),
  'table.exec.emit.allow-lateness': {
    ...fixed('an allowed lateness', '0', '0 s', '0 ms', '0s', '0ms'),
    hint: 'subtract the time from the watermark: WATERMARK FOR ts AS ts - INTERVAL …; LATE ROWS INTO keeps late rows',
  },
  'table.exec.emit.early-fire.delay': fixed('firing a window before its end'),
  'table.exec.emit.early-fire.enabled': fixed('firing a window before its end', 'false'),
  'table.exec.emit.late-fire.delay': fixed('firing a window again for late rows'),
  'table.exec.emit.late-fire.enabled': fixed('firing a window again for late rows', 'false'),
  'table.exec.legacy-cast-behaviour': fixed('the casts of old versions', 'disabled'),
  'table.exec.sink.nested-constraint-enforcer': fixed('checks of nested values', 'ignore'),
  'table.exec.sink.not-null-enforcer': fixed('leaving out rows with NULL', 'error'),
  'table.exec.sink.type-length-enforcer': fixed('changing the length of values', 'ignore'),
  'table.exec.sort.default-limit': fixed('a limit for every ORDER BY', '-1'),
  'table.exec.source.cdc-events-duplicate': fixed('removing duplicate changes', 'false'),
  'table.legacy-nested-row-nullability': fixed('the types of old versions', 'false'),
  'table.optimizer.non-deterministic-update.strategy': fixed('this value', 'ignore'),
  'table.sql-dialect': fixed('another dialect of SQL', 'default'),
};

/**
 * Returns the error if a setting of Flink has a value that is not supported. Returns null if the
 * value is supported, and undefined if the setting has no fixed values.
 */
export function problemWithFixed(key: string, value: string): { message: string; hint?: string } | null | undefined {
  if (!Object.hasOwn(FIXED, key)) return undefined;
  const { values, what, hint } = FIXED[key]!;
  if (values.includes(value.toLowerCase())) return null;
  const only = values[0] === undefined ? '' : ` must be '${values[0]}'`;
  return { message: `'${key}'${only}: ${what} is not supported`, ...(hint === undefined ? {} : { hint }) };
}
