import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeAwayOutput } from '../verdict.ts';
import type { Soak } from './disturbances.ts';
import { expectStatus, persistent, waitFor } from './persistent-request.ts';
import { SOAK_JOBS, sinkOf } from './soak-jobs.ts';
import type { SoakService } from './soak-service.ts';

interface Savepoint {
  readonly name: string;
  readonly state: string;
  readonly checkpoint: number | null;
}

/** The number of savepoints that a job keeps. */
const SAVEPOINTS_KEPT = 2;
const BACK_MS = 60_000;

/**
 * Takes a savepoint, lets the job run on, and then sets the job back to it. What the job wrote
 * after the savepoint is removed, so the job must write it again.
 */
export async function goBack(soak: Soak): Promise<void> {
  const { service, random } = soak;
  const job = random.oneOf(SOAK_JOBS);
  const at = `/v1/jobs/${job}`;
  const stop = random.chance(0.3);
  const name = `s-${random.below(1e9)}`;
  const asked = await persistent(service, 'POST', `${at}/savepoints`, { name, stop });
  // 409: an earlier life has taken it, or the job is not running yet. 404: a new life does not have
  // the job yet.
  expectStatus(`savepoint of ${job}`, asked, 202, 404, 409);
  const taken = await completed(service, at, name);
  if (taken !== null) {
    await sleep(random.between(0, 6_000));
    await restoreSavepoint(soak, job, name, taken);
  } else if (stop) {
    await waitFor(service, at, () => true);
    expectStatus(`start of ${job}`, await persistent(service, 'POST', `${at}/start`), 200);
  }
  await waitFor(service, at, (answer) => (answer as { state: string }).state === 'RUNNING');
  await deleteOld(service, at);
}

/** Waits for the end of the savepoint. Returns its checkpoint, or null if a kill prevented it. */
async function completed(service: SoakService, at: string, name: string): Promise<number | null> {
  for (;;) {
    const reply = await persistent(service, 'GET', `${at}/savepoints/${name}`);
    if (reply.status === 404) return null;
    expectStatus(`savepoint ${name}`, reply, 200);
    const { state, checkpoint } = JSON.parse(reply.text) as Savepoint;
    if (state === 'COMPLETED') return checkpoint;
    if (state === 'FAILED') return null;
    await sleep(100);
  }
}

/** A kill between the steps makes all of them necessary again. */
async function restoreSavepoint(soak: Soak, job: string, name: string, checkpoint: number): Promise<void> {
  const { service, output } = soak;
  const deadline = performance.now() + BACK_MS;
  const at = `/v1/jobs/${job}`;
  for (;;) {
    const { life } = service;
    const stopped = await persistent(service, 'POST', `${at}/stop`);
    if (stopped.status === 200) takeAwayOutput(path.join(output, sinkOf(job)), checkpoint);
    const reply =
      stopped.status === 200 ? await persistent(service, 'POST', `${at}/start`, { savepoint: name }) : stopped;
    if (reply.status === 200 && life === service.life) {
      const { state, failure } = JSON.parse(reply.text) as { state: string; failure: unknown };
      if (state !== 'RUNNING') throw new Error(`${job} is ${state} after a return: ${JSON.stringify(failure)}`);
      return;
    }
    // 404: a new life does not have the job yet. 409: it has started the job meanwhile.
    const again = reply.status === 404 || life !== service.life;
    if (!again || performance.now() > deadline) expectStatus(`return of ${job}`, reply, 200);
    await sleep(100);
  }
}

async function deleteOld(service: SoakService, at: string): Promise<void> {
  const { status, text } = await persistent(service, 'GET', `${at}/savepoints`);
  // A new life does not have the job yet. The next return deletes the savepoints.
  if (status === 404) return;
  const { savepoints } = JSON.parse(text) as { savepoints: readonly Savepoint[] };
  const complete = savepoints.filter(({ state }) => state === 'COMPLETED');
  for (const { name } of complete.slice(0, Math.max(0, complete.length - SAVEPOINTS_KEPT))) {
    const reply = await persistent(service, 'DELETE', `${at}/savepoints/${name}`);
    // 404: an earlier life has deleted it. 409: the job has no newer checkpoint yet.
    expectStatus(`deletion of ${name}`, reply, 204, 404, 409);
  }
}
