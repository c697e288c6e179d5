import { AsyncLocalStorage } from 'node:async_hooks';
import module from 'node:module';
import { parentPort } from 'node:worker_threads';
import { EngineError } from '../../core/engine-error.ts';
import { JobRuns } from './job-runs.ts';
import type { ExplainSpec, FromWorker, ToWorker } from './messages.ts';
import { lowerPriority } from './thread-priority.ts';

/**
 * The entry of a worker thread: runs jobs, or golden cases, or answers EXPLAIN MATCH.
 * `messages.ts` has all messages. Libraries are loaded with the first message, so that an error in
 * loading is reported as a failure of the job.
 */
module.enableCompileCache();

const port = parentPort!;
const send = (message: FromWorker): void => port.postMessage(message);
/** The run whose code is executed. It tells which job caused an error that no code caught. */
const current = new AsyncLocalStorage<number>();
const runs = new JobRuns(send);

port.on('message', (message: ToWorker) => {
  if (message.kind === 'run') current.run(message.run, () => void runs.start(message.run, message.spec));
  else if (message.kind === 'to-job') current.run(message.run, () => runs.receive(message.run, message.message));
  else if (message.kind === 'golden') void runGolden(message);
  else if (message.kind === 'explain') void explain(message);
});

async function runGolden(asked: Extract<ToWorker, { kind: 'golden' }>): Promise<void> {
  lowerPriority();
  let failure: string | null;
  try {
    const { loadCase } = await import('../golden/golden-case.ts');
    const { runGoldenCase, STRAIGHT } = await import('../golden/golden-run.ts');
    const golden = loadCase(asked.directory);
    failure = golden === null ? null : (await runGoldenCase(golden, STRAIGHT, asked.settings)).failure;
  } catch (error) {
    failure = `the golden test cannot be run: ${(error as Error).message}`;
  }
  send({ kind: 'golden', failure });
}

async function explain(spec: ExplainSpec): Promise<void> {
  lowerPriority();
  try {
    const { explainMatch } = await import('../match-explanation/explain-match.ts');
    const { explanationJson } = await import('../match-explanation/explanation-json.ts');
    const { checkPlan } = await import('../../plan/plan-json.ts');
    const question = { ...spec.question, plan: checkPlan(spec.question.plan) };
    const answer = await explainMatch(question, spec);
    send({ kind: 'explanation', explanation: explanationJson(answer) });
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 'JOB_FAILED';
    send({ kind: 'failed', failure: { code, message: (error as Error).message, opened: true } });
  }
  port.close();
}

process.on('uncaughtException', (error: Error) => {
  send({ kind: 'uncaught', run: current.getStore() ?? null, message: error.message });
  // The message is sent before the thread exits.
  setImmediate(() => process.exit(1));
});
