import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted, type Reply, type SoakService } from './soak-service.ts';

const AGAIN_MS = 200;

/** Sends a request until a life of the service answers it. The request may take effect twice. */
export async function persistent(service: SoakService, method: string, target: string, body?: unknown): Promise<Reply> {
  for (;;) {
    try {
      return await service.request(method, target, body);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

/** Asks until the answer is right. Throws with the last answer when it takes too long. */
export async function waitFor(
  service: SoakService,
  target: string,
  right: (answer: unknown) => boolean,
  timeoutMs = 30_000,
): Promise<void> {
  let deadline = performance.now() + timeoutMs;
  let { life } = service;
  for (;;) {
    const { status, text } = await persistent(service, 'GET', target);
    if (status === 200 && right(JSON.parse(text))) return;
    // A new life gets the whole time again.
    if (life !== service.life) deadline = performance.now() + timeoutMs;
    ({ life } = service);
    if (performance.now() > deadline) throw new Error(`${target} is not right in time: ${text.slice(0, 500)}`);
    await sleep(AGAIN_MS);
  }
}

/** Throws unless the status is one of those expected. */
export function expectStatus(what: string, { status, text }: Reply, ...expected: readonly number[]): void {
  if (!expected.includes(status)) throw new Error(`${what}: ${status} ${text.slice(0, 300)}`);
}
