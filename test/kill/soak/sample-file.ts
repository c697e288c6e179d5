import fs from 'node:fs';
import { type Panel, plot } from './plot.ts';
import { diskMb, memoryFigures, processFigures, type Sample } from './samples.ts';
import type { SoakService } from './soak-service.ts';

const SAMPLE_EVERY_MS = 10_000;

interface Sampled {
  readonly service: SoakService;
  readonly dataDirectory: string;
  /** Seconds since the start of the test. */
  readonly now: () => number;
  readonly counts: () => Pick<Sample, 'healthMs' | 'followers' | 'rows'>;
}

/** Takes a sample each ten seconds, and appends it to a file of JSON lines. */
export class SampleFile {
  readonly all: Sample[] = [];
  readonly #file: string;
  readonly #sampled: Sampled;
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string, sampled: Sampled) {
    this.#file = file;
    this.#sampled = sampled;
    fs.writeFileSync(file, '');
  }

  start(): void {
    this.#timer = setInterval(() => void this.#take(), SAMPLE_EVERY_MS);
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Processor seconds of all lives, up to their last samples. */
  get cpuSeconds(): number {
    const lives = new Map(this.all.map(({ life, cpuSeconds }) => [life, cpuSeconds ?? 0]));
    return [...lives.values()].reduce((sum, each) => sum + each, 0);
  }

  async #take(): Promise<void> {
    const { service, dataDirectory, now, counts } = this.#sampled;
    const { life } = service;
    const figures = processFigures(service.pid);
    const disk = diskMb(dataDirectory);
    const at = Math.round(now() * 10) / 10;
    const memory = await memoryFigures(service);
    if (life !== service.life) return;
    const sample: Sample = { at, life, ...figures, ...memory, diskMb: disk, ...counts() };
    this.all.push(sample);
    fs.appendFileSync(this.#file, `${JSON.stringify(sample, rounded)}\n`);
  }
}

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

/** Draws one panel for each quantity. `kills`: seconds. */
export function drawSamples(title: string, samples: readonly Sample[], kills: readonly number[]): string {
  const curve = (name: string, key: keyof Sample): Panel['curves'][number] => ({
    name,
    values: samples.map((sample) => sample[key]),
  });
  return plot(
    title,
    {
      seconds: samples.map(({ at }) => at),
      first: samples.map(({ life }, i) => samples[i - 1]?.life !== life),
    },
    [
      { title: 'memory (MB)', curves: [curve('RSS', 'rssMb'), curve('anonymous', 'anonymousMb')] },
      {
        title: 'V8 of the main thread (MB)',
        curves: [curve('heap used', 'heapMb'), curve('outside the heap', 'externalMb')],
      },
      { title: 'state of all jobs in memory (MB)', curves: [curve('state', 'stateMb')] },
      { title: 'open descriptors', curves: [curve('descriptors', 'descriptors')] },
      { title: 'threads', curves: [curve('threads', 'threads')] },
      { title: 'disk of the data directory (MB)', curves: [curve('disk', 'diskMb')] },
      { title: 'slowest answer of /health in ten seconds (ms)', curves: [curve('/health', 'healthMs')] },
      { title: 'followers present', curves: [curve('followers', 'followers')] },
    ],
    kills,
  );
}
