import os from 'node:os';
import { EngineError } from '../core/engine-error.ts';
import { megabytesText, parseDuration } from '../core/quantity.ts';
import { settingOf } from '../core/settings.ts';

const CHECKPOINTING = 'execution.checkpointing.';
const BACKOFF = 'restart-strategy.exponential-delay.';

/**
 * Refuses settings that contradict each other, with CONFIG_CONTRADICTION and the reason. The single
 * values have already been checked.
 */
export function refuseContradictions(settings: Readonly<Record<string, string>>): void {
  const text = (key: string): string | null => settings[key] ?? settingOf(key)?.default ?? null;
  const time = (key: string): number | null => {
    const value = text(key);
    return value === null ? null : parseDuration(value);
  };
  if (Number(text(`${CHECKPOINTING}num-retained`)) < 1) {
    throw contradiction(`${CHECKPOINTING}num-retained is 0; at least one checkpoint must be kept`);
  }
  if (time(`${CHECKPOINTING}min-pause`)! > time(`${CHECKPOINTING}timeout`)!) {
    throw contradiction(
      `${CHECKPOINTING}min-pause is longer than ${CHECKPOINTING}timeout: ${text(`${CHECKPOINTING}min-pause`)} and ${text(`${CHECKPOINTING}timeout`)}`,
    );
  }
  for (const key of [`${CHECKPOINTING}interval`, `${CHECKPOINTING}timeout`]) {
    if (time(key) === 0) throw contradiction(`${key} must be longer than 0`);
  }
  if (time(`${BACKOFF}initial-backoff`)! > time(`${BACKOFF}max-backoff`)!) {
    throw contradiction(
      `${BACKOFF}initial-backoff is longer than ${BACKOFF}max-backoff: ${text(`${BACKOFF}initial-backoff`)} and ${text(`${BACKOFF}max-backoff`)}`,
    );
  }
  if (time('restart-strategy.failure-rate.failure-rate-interval') === 0) {
    throw contradiction('restart-strategy.failure-rate.failure-rate-interval must be longer than 0');
  }
}

/**
 * Refuses a memory budget that exceeds the memory of the machine or of the process's control group.
 */
export function refuseMemoryBeyond(memoryBytes: number, available: MemoryAvailable = memoryAvailable()): void {
  if (memoryBytes <= available.bytes) return;
  throw contradiction(
    `state.memory is ${megabytesText(memoryBytes)}, but ${available.of} has ${megabytesText(available.bytes)}`,
  );
}

export interface MemoryAvailable {
  readonly bytes: number;
  readonly of: 'this machine' | 'the control group of this process';
}

export function memoryAvailable(): MemoryAvailable {
  const machine = os.totalmem();
  // 0 or more than the machine has: no limit.
  const confined = process.constrainedMemory();
  return confined > 0 && confined < machine
    ? { bytes: confined, of: 'the control group of this process' }
    : { bytes: machine, of: 'this machine' };
}

const contradiction = (message: string): EngineError => new EngineError('CONFIG_CONTRADICTION', message, {});
