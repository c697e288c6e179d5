import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosRound } from './chaos-round.ts';
import { DAMAGES, damage } from './checkpoint-damage.ts';
import { atWork, endOf } from './engine-run.ts';
import type { NetworkFault } from './fault-proxy.ts';
import { takeAwayOutput } from './verdict.ts';
import { SINKS } from './workload.ts';

/** The faults of a round before its last, undisturbed start. */
export type Fault = (round: ChaosRound) => Promise<void>;

/** The time that a process gets almost no processor time. */
const STARVED_MS = 4000;

const pick = <T>(round: ChaosRound, from: readonly T[]): T => from[Math.floor(round.random() * from.length)]!;

/** kill -9, some times. */
const killed: Fault = async (round) => {
  const kills = 1 + Math.floor(round.random() * 4);
  for (let n = 0; n < kills; n++) {
    const { code, errors } = await round.startAndKill();
    if (code !== null && code !== 0) round.fail(`exit ${code}: ${errors}`);
  }
};

/**
 * Sends one or two SIGTERM. The first one causes a last checkpoint and exit code 0. The second one
 * ends the process immediately with exit code 130.
 */
const terminated: Fault = async (round) => {
  for (let n = 0; n < 2; n++) {
    const child = await round.start(0.1);
    const end = endOf(child);
    await atWork(child);
    await round.wait(700);
    child.kill('SIGTERM');
    const twice = round.random() < 0.3;
    if (twice) {
      await round.wait(30);
      child.kill('SIGTERM');
    }
    const { code, errors } = round.said('SIGTERM', await end);
    if (code !== 0 && !(twice && code === 130)) round.fail(`exit ${code} after SIGTERM: ${errors}`);
    round.checkVisible();
  }
};

/**
 * Suspends a process while another process takes over its jobs, then continues it. On a local disk
 * the first process still holds the locks, so the second one gives up.
 */
const zombie: Fault = async (round) => {
  const flags = round.random() < 0.5 ? [] : ['--state-dir', `${round.directory}/state`];
  const first = await round.start(0, { flags });
  const firstEnd = endOf(first);
  await atWork(first);
  await round.wait(700);
  first.kill('SIGSTOP');
  try {
    const second = await round.start(0, { flags });
    const secondEnd = endOf(second);
    if (round.bucket === null) {
      const { code, errors } = round.said('second', await secondEnd);
      if (code !== 1 || !errors.includes('JOB_LOCKED')) round.fail(`the second ended with ${code}: ${errors}`);
      first.kill('SIGCONT');
      const ended = round.said('first', await firstEnd);
      if (ended.code !== 0) round.fail(`the first, continued, ended with ${ended.code}: ${ended.errors}`);
      return;
    }
    await atWork(second);
    await round.wait(900);
    first.kill('SIGCONT');
    const ended = round.said('first', await firstEnd);
    if (ended.code !== 1 || !ended.errors.includes('JOB_LOCKED')) {
      // Jobs that had finished before the suspension could not be taken over.
      if (ended.code !== 0) round.fail(`the first, continued, ended with ${ended.code}: ${ended.errors}`);
    }
    if (round.random() < 0.3) second.kill('SIGKILL');
    const { code, errors } = round.said('second', await secondEnd);
    if (code !== 0 && code !== null) round.fail(`the second ended with ${code}: ${errors}`);
  } finally {
    first.kill('SIGKILL');
  }
};

/**
 * Gives the process almost no processor time. For some seconds it is suspended 95 % of the time, in
 * short intervals. It may only become slow, and must finish without an error.
 */
const starved: Fault = async (round) => {
  const child = await round.start();
  const end = endOf(child);
  await atWork(child);
  const asleepMs = pick(round, [95, 380, 1900]);
  try {
    for (let ms = 0; ms < STARVED_MS && child.exitCode === null; ms += asleepMs) {
      child.kill('SIGSTOP');
      await sleep(asleepMs);
      child.kill('SIGCONT');
      await sleep(asleepMs / 19);
    }
  } finally {
    child.kill('SIGCONT');
  }
  const { code, errors } = round.said(`starved, ${asleepMs} ms at a time`, await end);
  if (code !== 0) round.fail(`exit ${code}: ${errors}`);
};

/**
 * Damages a file of one job's checkpoints after a kill. The engine must name the file, or not need
 * it.
 */
const damaged: Fault = async (round) => {
  await round.startAndKill();
  const sink = pick(round, SINKS);
  const { files, close } = round.checkpointFiles(`jobs.${sink}`);
  try {
    const names = await files.list().catch(() => []);
    if (names.length < 2) return;
    const name = pick(round, names);
    const kind = pick(round, DAMAGES);
    const other = pick(
      round,
      names.filter((n) => n !== name),
    );
    await damage(files, name, kind, round.random(), other);
    round.damaged = true;
    round.steps.push(`${kind} ${name}${kind === 'swap' ? ` with ${other}` : ''}`);
  } finally {
    close();
  }
  // A job that has lost its only checkpoint cannot know that it had one. It starts fresh, so its
  // output has to be deleted too.
  if (await round.hasNoCheckpoint(`jobs.${sink}`)) round.removeOutput(sink);
  const { code, errors } = round.said('damaged', await endOf(await round.start()));
  if (code === 0) return;
  if (!/CHECKPOINT_CORRUPT|CHECKPOINT_NOT_FOUND/.test(errors)) round.fail(`exit ${code}: ${errors}`);
  const older = /checkpoint (\d+) is older than output that is visible already/.exec(errors);
  if (older !== null) {
    takeAwayOutput(`${round.directory}/${sink}`, Number(older[1]));
    return;
  }
  // No checkpoint of this job is usable. It starts fresh, as do all jobs in the file.
  for (const each of SINKS) round.removeOutput(each);
  const { files: rest, close: closeRest } = round.checkpointFiles(`jobs.${sink}`);
  for (const name of await rest.list()) if (name.startsWith('log/')) await rest.remove(name);
  closeRest();
  const again = round.said('fresh', await endOf(await round.start(0, { flags: ['--fresh'] })));
  if (again.code !== 0) round.fail(`the fresh start ended with ${again.code}: ${again.errors}`);
};

const NETWORK: readonly NetworkFault[] = ['unavailable', 'cut-request', 'cut-reply', 'lose-reply', 'slow'];

/** Makes some requests fail in all ways. Sometimes also kills the process. */
const network: Fault = async (round) => {
  const { proxy } = round.bucket!;
  const rate = pick(round, [0.02, 0.1, 0.3]);
  proxy.fault = () => (round.random() < rate ? pick(round, NETWORK) : 'none');
  try {
    for (let n = 0; n < 2; n++) {
      const { code, errors } =
        round.random() < 0.5
          ? await round.startAndKill()
          : round.said(`network ${rate}`, await endOf(await round.start(0.1)));
      if (code === 0) break;
      if (code !== null && !/CHECKPOINT_(STORE|FAILED)/.test(errors)) round.fail(`exit ${code}: ${errors}`);
    }
  } finally {
    proxy.fault = () => 'none';
  }
};

/** Makes the server not answer for a while. */
const outage: Fault = async (round) => {
  const { proxy } = round.bucket!;
  const how = pick(round, ['unavailable', 'cut-request', 'lose-reply'] as const);
  const child = await round.start(0.1);
  const end = endOf(child);
  if (round.random() < 0.8) await atWork(child);
  await round.wait(800);
  proxy.fault = () => how;
  try {
    await Promise.race([end, round.wait(6000)]);
  } finally {
    proxy.fault = () => 'none';
  }
  const { code, errors } = round.said(`outage, ${how}`, await end);
  if (code !== 0 && !/CHECKPOINT_(STORE|FAILED)/.test(errors)) round.fail(`exit ${code}: ${errors}`);
};

export const FAULTS: Readonly<Record<string, Fault>> = { killed, terminated, zombie, starved, damaged };
export const NETWORK_FAULTS: Readonly<Record<string, Fault>> = { network, outage };
