import type { HostEnd, JobHostListener, JobThread } from '../../../src/service/worker/job-host.ts';
import type { JobSpec } from '../../../src/service/worker/messages.ts';
import type { SimulatedProcess } from '../world.ts';

const SLOWEST_MS = 50;

/** The threads of jobs on one machine: at most one for each job. */
export class SimulatedThreads {
  readonly #running = new Map<string, SimulatedProcess>();
  /** The first job that had two threads. */
  doubled: string | null = null;

  startedBy(life: SimulatedProcess): (spec: JobSpec, listener: JobHostListener) => JobThread {
    return (spec, listener) => {
      const { world } = life;
      const { random } = world;
      const owner = this.#running.get(spec.id);
      if (owner !== undefined && !owner.dead) this.doubled ??= spec.id;
      this.#running.set(spec.id, life);
      world.note(`${life.name}: the thread of ${spec.id} starts`);
      let over = false;
      let asked: 'stop' | 'cancel' | null = null;
      const later = (what: string, action: () => void): void =>
        world.after((random.below(1000) / 1000) * SLOWEST_MS, life, `${spec.id}: ${what}`, () => {
          if (!over) action();
        });
      const end = (how: HostEnd): void => {
        over = true;
        this.#running.delete(spec.id);
        listener.onEnd(how);
      };
      const fail = (opened: boolean): void => {
        const code = random.oneOf(['CHECKPOINT_STORE', 'CONNECTOR_READ', 'FORMAT_MALFORMED'] as const);
        end(
          asked === 'cancel' ? { kind: 'canceled' } : { kind: 'failed', failure: { code, message: 'a fault', opened } },
        );
      };
      later('opens', () => {
        if (random.chance(0.15)) return fail(false);
        listener.onMessage({ kind: 'opened', restoredFrom: null });
        if (random.chance(0.2)) listener.onMessage({ kind: 'reloaded', operators: [] });
        const fate = random.oneOf(['fails', 'fails', 'finishes', 'is displaced', 'goes on', 'goes on']);
        if (fate === 'fails') later(fate, () => fail(true));
        if (fate === 'is displaced') {
          const failure = { code: 'JOB_FAILED', message: 'its thread ended', opened: true } as const;
          const alone = random.chance(0.5);
          later(fate, () => (asked === null ? end({ kind: 'displaced', failure, alone }) : fail(true)));
        }
        if (fate === 'finishes') later(fate, () => end({ kind: 'finished' }));
      });
      return {
        send: () => {},
        stop: (how) => {
          asked = how;
          later(how, () => {
            if (random.chance(0.1)) fail(true);
            else end({ kind: how === 'stop' ? 'stopped' : 'canceled' });
          });
        },
        savepoint: () => Promise.resolve(),
        openMatches: () => Promise.reject(new Error('not simulated')),
        kill: () => later('is killed', () => fail(true)),
      };
    };
  }
}
