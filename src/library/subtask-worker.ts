import module from 'node:module';
import { type MessagePort, workerData } from 'node:worker_threads';
import type { FromSubtask, ToSubtask } from '../engine/subtask/subtask-messages.ts';

/**
 * The entry of a thread that runs one subtask of a job's operator. The cache of compiled code must
 * be enabled before the engine is loaded, so this module has no static import of it. The variable
 * NODE_COMPILE_CACHE of the process names its folder.
 */
const { port, caches } = workerData as { readonly port: MessagePort; readonly caches: boolean };
if (caches) module.enableCompileCache();

const { startHost } = await import('./subtask-host-of-thread.ts');
const host = startHost((message: FromSubtask, transfer: ArrayBuffer[]) => port.postMessage(message, transfer));
// Messages that arrived before wait in the port.
port.on('message', (message: ToSubtask) => {
  host.receive(message);
});
