import module from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { Catalog } from '../../compiler/catalog.ts';
import { EngineError } from '../../core/engine-error.ts';
import { megabytesText } from '../../core/quantity.ts';
import { lowerPriority } from '../worker/thread-priority.ts';
import { catalogDifference, changedCatalog } from './catalog-difference.ts';
import type { CompileReply, CompileRequest, SubmissionReply, SubmissionRequest } from './compile-request.ts';
import { isLargerThan } from './reply-size.ts';

/**
 * The entry of a compile thread. It answers requests one after the other. It keeps the catalogue of
 * the last request, so that a request has only the difference.
 */
module.enableCompileCache();
lowerPriority();

/** The service's thread would need too long to read a larger reply. */
const REPLY_BYTES_MAX = 4 * 1024 * 1024;

const port = parentPort!;
const { readSubmission } = await import('../submission.ts');
const { compilePattern } = await import('../patterns/compile-pattern.ts');
let catalog: Catalog = { tables: new Map(), views: new Map() };

port.on('message', (request: CompileRequest) => port.postMessage(bounded(answer(request))));
port.postMessage({ kind: 'ready' } satisfies CompileReply);

function answer(request: CompileRequest): CompileReply {
  try {
    if (request.kind === 'submission') return submission(request);
    const { name, file, text, serviceSettings, defaultSettings } = request;
    return { kind: 'pattern', compiled: compilePattern(name, file, text, serviceSettings, defaultSettings) };
  } catch (error) {
    if (error instanceof EngineError) {
      return { kind: 'refused', code: error.code, message: error.message, details: error.details };
    }
    const { message, stack = '' } = error as Error;
    return { kind: 'failed', message, stack };
  }
}

function submission({ sql, settings, limits, catalog: difference }: SubmissionRequest): SubmissionReply {
  catalog = changedCatalog(catalog, difference);
  const { result, warnings, unusableView } = readSubmission(sql, settings, { ...limits, catalog });
  const { statements, settings: after } = result;
  const changes = catalogDifference(catalog, result.catalog);
  return { kind: 'submission', result: { statements, settings: after }, catalog: changes, warnings, unusableView };
}

function bounded(reply: CompileReply): CompileReply {
  if (!isLargerThan(reply, REPLY_BYTES_MAX)) return reply;
  const message = `the text's plans and answers have more than ${megabytesText(REPLY_BYTES_MAX)}`;
  return { kind: 'refused', code: 'SQL_LIMIT', message, details: {} };
}
