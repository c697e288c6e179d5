import { sizeText } from '../../core/quantity.ts';
import type { Estimate, Probe } from '../size/estimate.ts';
import { digitGroups } from './digit-groups.ts';

const count = (n: number): string => digitGroups(Math.round(n));

/** Returns the measurements, the estimate and its assumptions as text. */
export function needsText(probe: Probe, estimate: Estimate): string {
  const { rate, capacity, limit, cores, steadyStateBytes, growthPerDay } = estimate;
  const lines = [
    `job ${probe.job}`,
    `  measured   ${count(probe.rows)} rows in ${(probe.ms / 1000).toFixed(1)} s = ${count((probe.rows / probe.ms) * 1000)} rows/s, limited by ${limit === 'arrival' ? `the rate at which the rows arrived; by its CPU time the job can process ${count(capacity)} rows/s` : 'the speed of the job'}; state up to ${sizeText(probe.stateSecondHalf)}, in the first half of the rows up to ${sizeText(probe.stateFirstHalf)}`,
    `  at ${count(rate)} rows/s`,
    `    cores    ${cores.toFixed(2)}, ${Math.round((rate / capacity) * 100)} % of what the job's thread can take${estimate.tooFast ? ': too much to catch up after a stop; split the input over several jobs' : ''}`,
    steadyStateBytes === null
      ? `    state    grew all through the probe; if it goes on so, by ${sizeText(growthPerDay)} a day. See \`sequitur check\` for what bounds it`
      : `    state    about ${sizeText(steadyStateBytes)}, and does not grow`,
    `    memory   state.memory ${sizeText(estimate.stateMemory)}; a limit of ${sizeText(estimate.memoryLimit)} for the process`,
    `    disk     ${sizeText(estimate.disk)} for live state and checkpoints${steadyStateBytes === null ? ' of a day' : ''}`,
  ];
  return `${lines.join('\n')}\n`;
}

export const SIZE_ASSUMPTIONS =
  'A probe on this machine, at full speed. Rows to come are taken to be like those of the probe: as costly, as many keys, as many in a second of event time or more.\n';
