import module from 'node:module';
import { parentPort } from 'node:worker_threads';
import { EngineError } from '../../core/engine-error.ts';
import type { ExplainSpec, FromWorker, JobFailure, ToWorker } from './messages.ts';
import { lowerPriority } from './thread-priority.ts';

/**
 * The entry of a worker thread: runs one job, or one golden case. `messages.ts` has all messages.
 * Libraries are loaded with the first message, so that an error in loading is reported as a failure
 * of the job.
 */
module.enableCompileCache();

const port = parentPort!;
const send = (message: FromWorker): void => port.postMessage(message);
let receive: (message: ToWorker) => void = () => {};
/** Messages that arrived while the libraries were loading. */
const early: ToWorker[] = [];

port.on('message', (message: ToWorker) => {
  if (message.kind === 'run') void run(message.spec);
  else if (message.kind === 'golden') void runGolden(message);
  else if (message.kind === 'explain') void explain(message);
  else if (receive === idle) early.push(message);
  else receive(message);
});

function idle(): void {}
receive = idle;

async function run(spec: Extract<ToWorker, { kind: 'run' }>['spec']): Promise<void> {
  const { JobRun } = await import('./job-run.ts');
  const running = new JobRun(spec, send);
  receive = (message) => running.receive(message);
  for (const message of early.splice(0)) running.receive(message);
  await running.run();
  port.close();
}

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
  port.close();
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
  const failure: JobFailure = { code: 'JOB_FAILED', message: error.message, opened: true };
  send({ kind: 'failed', failure });
  // The message is sent before the thread exits.
  setImmediate(() => process.exit(1));
});
