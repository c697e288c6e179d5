import { simulateService } from './service/simulate-service.ts';
import { type SeedVerdict, simulateSeed } from './simulate-seed.ts';

/** The parts of the simulation: the engine with one job, and the service with its fleet of jobs. */
export const PARTS = ['engine', 'service', 'both'] as const;

/** Runs a part, or both, with a seed. The result is that of the first part with a violation. */
export async function verdictOf(seed: number, part: string, keepTrace = false): Promise<SeedVerdict> {
  const engine = part === 'service' ? null : await simulateSeed(seed, keepTrace);
  if (engine !== null && (part === 'engine' || engine.violation !== null)) return engine;
  const service = { scenario: 'service', ...(await simulateService(seed, keepTrace)) };
  return { ...service, happened: service.happened + (engine?.happened ?? 0) };
}
