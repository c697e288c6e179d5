import { EngineError } from '../../core/engine-error.ts';
import type { ExplanationJson } from '../match-explanation/explanation-json.ts';
import type { ExplainSpec, FromWorker, ToWorker } from './messages.ts';
import { startWorker } from './start-worker.ts';

const EXPLAIN_MS = 60_000;

/** Answers EXPLAIN MATCH in a separate thread. Rejects with the failure. */
export async function explainInWorker(spec: ExplainSpec): Promise<ExplanationJson> {
  const worker = startWorker(1024);
  let answer: ExplanationJson | null = null;
  let failure = new EngineError('JOB_FAILED', 'EXPLAIN MATCH ended without an answer', {});
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'explanation') answer = message.explanation;
    if (message.kind === 'failed') failure = new EngineError(message.failure.code, message.failure.message, {});
  });
  worker.on('error', (error) => {
    failure = new EngineError('JOB_FAILED', `EXPLAIN MATCH failed: ${error.message}`, {}, error);
  });
  const timer = setTimeout(() => {
    const seconds = EXPLAIN_MS / 1000;
    failure = new EngineError('JOB_FAILED', `EXPLAIN MATCH took longer than ${seconds} s; ask for a smaller input`, {});
    void worker.terminate();
  }, EXPLAIN_MS);
  worker.postMessage({ kind: 'explain', ...spec } satisfies ToWorker);
  await new Promise((resolve) => worker.on('exit', resolve));
  clearTimeout(timer);
  if (answer === null) throw failure;
  return answer;
}
