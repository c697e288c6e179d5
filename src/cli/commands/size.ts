import path from 'node:path';
import { readConfiguration } from '../../config/configuration.ts';
import { jobSettings, memoryShare } from '../../config/job-settings.ts';
import { EngineError } from '../../core/engine-error.ts';
import { compileFile, printDiagnostics } from '../compile-file.ts';
import { digitGroups } from '../output/digit-groups.ts';
import { needsText, SIZE_ASSUMPTIONS } from '../output/size-text.ts';
import { estimate } from '../size/estimate.ts';
import { probeJob } from '../size/probe-job.ts';
import { removeWorthless, temporaryDirectory } from '../temporary-directory.ts';

export interface SizeFlags {
  readonly rate: number;
  readonly seconds: number;
  readonly set: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly json?: boolean;
}

/**
 * Runs `sequitur size FILE.sql --rate N`. Runs each job of the file for a while on the job's input,
 * discards the output, and prints the resources that the job needs.
 */
export async function sizeCommand(file: string, flags: SizeFlags): Promise<number> {
  const { fixed, base } = readConfiguration(flags.set, flags.config, process.env);
  const compiled = compileFile(file, fixed, base);
  printDiagnostics(compiled);
  if (compiled.failed) return 2;
  const settings = jobSettings(compiled.result.settings, { intervalMs: 10_000, batchRows: 4096 });
  const jobs = compiled.result.statements.filter((s) => s.kind === 'job');
  if (jobs.length === 0) throw new EngineError('CONFIG_USAGE', `${file} has no job: an INSERT or a SELECT`, { file });
  const temporary = temporaryDirectory();
  const json = flags.json === true || process.stdout.isTTY !== true;
  const results: object[] = [];
  try {
    for (const { plan } of jobs) {
      const probe = await probeJob({
        plan,
        baseDirectory: path.dirname(path.resolve(file)),
        temporary,
        batchRows: settings.batchRows,
        memoryBytes: memoryShare(settings, 1),
        backend: settings.backend,
        seconds: flags.seconds,
        onSample: (rows) => showProgress(plan.name, rows),
      });
      showProgress(plan.name, null);
      if (probe === null)
        throw new EngineError(
          'CONFIG_USAGE',
          `no row came in ${flags.seconds} s: job ${plan.name} cannot be measured`,
          {},
        );
      const estimated = estimate(probe, flags.rate);
      if (json) results.push({ probe, estimate: estimated });
      else process.stdout.write(needsText(probe, estimated));
    }
  } finally {
    removeWorthless(temporary);
  }
  process.stdout.write(json ? `${JSON.stringify({ jobs: results })}\n` : `\n${SIZE_ASSUMPTIONS}`);
  return 0;
}

/** Overwrites one line. Null clears the line. */
function showProgress(job: string, rows: number | null): void {
  if (process.stderr.isTTY !== true) return;
  process.stderr.write(rows === null ? '\r\u001b[K' : `\r\u001b[Kprobing ${job}: ${digitGroups(rows)} rows`);
}
