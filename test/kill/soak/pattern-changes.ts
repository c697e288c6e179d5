import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Soak } from './disturbances.ts';
import { waitFor } from './persistent-request.ts';
import { PATTERN_NAMES, patternText } from './soak-jobs.ts';

/** The watched folder, and the paths in its texts. */
export class PatternPlace {
  readonly folder: string;
  readonly #input: string;
  readonly #output: string;
  readonly #versions = new Map<string, number>();

  constructor(folder: string, input: string, output: string) {
    this.folder = folder;
    this.#input = input;
    this.#output = output;
    fs.mkdirSync(folder, { recursive: true });
    for (const name of PATTERN_NAMES) this.change(name);
  }

  /** Writes the next version of a file. All versions give the same rows. */
  change(name: string): void {
    const version = (this.#versions.get(name) ?? 0) + 1;
    this.#versions.set(name, version);
    this.write(name, this.text(name));
  }

  text(name: string): string {
    return patternText(name, this.#versions.get(name)!, this.#input, this.#output);
  }

  /** Replaces a file in one step, as editors do. */
  write(name: string, text: string): void {
    // The folder ignores files whose name does not end in .sql.
    const beside = path.join(this.folder, `${name}.new`);
    fs.writeFileSync(beside, text);
    fs.renameSync(beside, this.#file(name));
  }

  remove(name: string): void {
    fs.rmSync(this.#file(name));
  }

  #file(name: string): string {
    return path.join(this.folder, `${name}.sql`);
  }
}

interface PatternAnswer {
  readonly patterns: readonly { readonly name: string; readonly state: string; readonly problem: string | null }[];
}

const inState =
  (name: string, ...states: readonly (string | undefined)[]) =>
  (answer: unknown): boolean =>
    states.includes((answer as PatternAnswer).patterns.find((each) => each.name === name)?.state);

export async function changePattern({ service, random, patterns }: Soak): Promise<void> {
  const name = random.oneOf(PATTERN_NAMES);
  patterns.change(name);
  // The file of an editor changes several times within a second.
  if (random.chance(0.3)) patterns.change(name);
  await sleep(1_000);
  await waitFor(service, '/v1/patterns', inState(name, 'running'));
}

/** Saves a file with a mistake. The version before it must go on. */
export async function breakPattern({ service, random, patterns }: Soak): Promise<void> {
  const name = random.oneOf(PATTERN_NAMES);
  const text = patterns.text(name);
  patterns.write(name, random.chance(0.5) ? text.replace('payments', 'paymentz') : text.slice(0, text.length / 2));
  await waitFor(service, '/v1/patterns', inState(name, 'broken'));
  await sleep(random.between(0, 4_000));
  patterns.change(name);
  await waitFor(service, '/v1/patterns', inState(name, 'running'));
}

export async function removePattern({ service, random, patterns }: Soak): Promise<void> {
  const name = random.oneOf(PATTERN_NAMES);
  patterns.remove(name);
  await waitFor(service, '/v1/patterns', inState(name, undefined));
  await sleep(random.between(0, 4_000));
  patterns.change(name);
  await waitFor(service, '/v1/patterns', inState(name, 'running'));
}
