import fs from 'node:fs';
import { pino } from 'pino';
import { readConfiguration } from '../../config/configuration.ts';
import { EngineError } from '../../core/engine-error.ts';
import { Service } from '../../service/service.ts';
import { isRemote } from '../../storage/open-storage.ts';
import type { ServeFlags } from '../command-flags.ts';
import { checkSettings } from '../compile-file.ts';
import { logLines } from '../output/log-lines.ts';
import { RowCounts } from '../output/row-counts.ts';
import { readToken } from '../read-token.ts';
import { shippedPatterns } from '../shipped-patterns.ts';
import { settingsOfFlags } from './run.ts';

/**
 * Runs `sequitur serve` until SIGTERM or SIGINT. Then all jobs take a last checkpoint and the
 * process ends with 0. A second signal ends the process immediately.
 */
export async function serveCommand(flags: ServeFlags): Promise<number> {
  refuseFlagsOfRun(flags);
  const token = flags.tokenFile === undefined ? null : readToken(flags.tokenFile);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, logLines());
  const { fixed: settings, base: defaults } = readConfiguration(settingsOfFlags(flags), flags.config, process.env);
  checkSettings({ ...defaults, ...settings });
  refuseLocalPlace('execution.checkpointing.dir', defaults['execution.checkpointing.dir']);
  const counts = new RowCounts((job, rows) => log.info({ job, rows }, 'output'));
  const service = await Service.openWithCopy({
    dataDirectory: flags.dataDir,
    patterns: patternFolder(flags.patterns, flags.demo === true),
    demo: flags.demo ?? false,
    settings,
    defaults,
    batchRows: flags.batchRows ?? 4096,
    log,
    random: Math.random,
    print: (text) => process.stdout.write(text),
    ...(flags.demo ? { onRows: (job, written) => counts.add(job, written) } : {}),
  });
  const stopping = stopSignal();
  try {
    const { createApp } = await import('../../http/app.ts');
    const app = await createApp(service, {
      host: flags.host,
      port: flags.port ?? null,
      token,
      log,
      allowedHosts: flags.allowedHost ?? [],
    });
    // Jobs start only after the service listens. A service that cannot listen must not write any
    // output.
    service.start();
    process.stdout.write(`sequitur is running at ${app.url}\n`);
    const signal = await stopping.asked;
    log.info({ signal }, 'stopping after last checkpoints; once more to stop at once');
    await app.close();
  } finally {
    await service.close();
    counts.close();
    stopping.forget();
  }
  log.info({}, 'stopped');
  return 0;
}

/**
 * Waits for a signal. The first signal stops the service. A second signal ends the process
 * immediately.
 */
function stopSignal(): { readonly asked: Promise<NodeJS.Signals>; forget(): void } {
  let resolve: (signal: NodeJS.Signals) => void;
  const asked = new Promise<NodeJS.Signals>((r) => {
    resolve = r;
  });
  let times = 0;
  const handler = (signal: NodeJS.Signals): void => {
    if (++times > 1) process.exit(130);
    resolve(signal);
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    asked,
    forget() {
      process.removeListener('SIGINT', handler);
      process.removeListener('SIGTERM', handler);
    },
  };
}

function refuseFlagsOfRun(flags: ServeFlags): void {
  const given = [
    ['--restore', flags.restore],
    ['--fresh', flags.fresh],
    ['--checkpoint-dir', localPlace(flags.checkpointDir)],
    ['execution.checkpointing.dir', localPlace(flags.set?.['execution.checkpointing.dir'])],
    ['--state-dir', flags.stateDir],
  ] as const;
  for (const [name, value] of given) refuseIfGiven(name, value);
}

const refuseLocalPlace = (name: string, value: string | undefined): void => refuseIfGiven(name, localPlace(value));

function refuseIfGiven(name: string, value: string | boolean | undefined): void {
  if (value === undefined) return;
  throw new EngineError(
    'CONFIG_USAGE',
    `${name} is for \`run\`; a service keeps checkpoints and state of each job under --data-dir; checkpoints may also lie in s3://bucket/prefix or hdfs://namenode/directory`,
    {},
  );
}

/**
 * Returns the checkpoint directory on the local disk. Undefined: no directory was given, or it is a
 * remote store.
 */
const localPlace = (place: string | undefined): string | undefined =>
  place === undefined || isRemote(place) ? undefined : place;

/**
 * Returns the folder of patterns. The default is `patterns` in the current directory, which is
 * created if necessary. The demo runs the patterns of the package if there is no such folder. A
 * folder given by a flag must exist.
 */
function patternFolder(named: string | undefined, demo: boolean): string {
  if (named === undefined && demo && !fs.existsSync('patterns')) return shippedPatterns();
  const folder = named ?? 'patterns';
  if (named !== undefined && fs.statSync(named, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new EngineError('CONFIG_USAGE', `there is no folder ${named}`, { folder });
  }
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}
