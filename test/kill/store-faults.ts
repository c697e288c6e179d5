/**
 * Faults of the disk beneath SQLite, under the store of the service: a crash, a torn or short
 * write, a full disk, an input/output error, a flipped bit, a loss of power, at any call. After
 * each fault the store must have every acknowledged statement, or its start must be refused with
 * the name of what is damaged. Every third fault is followed by another one during the recovery.
 *
 *     node test/kill/store-faults.ts [--points 200] [--seed N]
 *
 * Ends with 3 if there is no C compiler.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { EngineError } from '../../src/core/engine-error.ts';
import { ServiceState } from '../../src/service/store/service-state.ts';
import { ServiceStore } from '../../src/service/store/service-store.ts';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import {
  compileFaultLayer,
  type DiskFault,
  ENDED_BY_FAULT,
  FAULT_KINDS,
  faultEnvironment,
} from './disk-faults/fault-layer.ts';
import { differenceOf, isAmong, readLife, type StoreLife } from './disk-faults/store-verdict.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const STATEMENTS = 8;
const LIFE = path.join(import.meta.dirname, 'disk-faults/store-life.ts');
// A disk in memory makes no sync wait. The layer of faults does not need a real disk.
const place = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const root = fs.mkdtempSync(path.join(place, 'sequitur-store-faults-'));
const library = compileFaultLayer(root);
if (library === null) {
  console.log('there is no C compiler here');
  fs.rmSync(root, { recursive: true });
  process.exit(3);
}
console.log(`store faults: ${values.points} points, seed ${values.seed}`);

const NOTHING: StoreLife['possible'] = [new ServiceState().all()];
const totals = { started: 0, refusals: 0, ended: 0, acknowledged: 0, refused: 0, copies: 0 };
let violations = 0;

async function live(
  directory: string,
  fault: DiskFault,
  seed: number,
  before: StoreLife['possible'],
  report = '',
): Promise<StoreLife> {
  const child = spawn(process.execPath, [LIFE, directory, String(seed), String(STATEMENTS)], {
    env: faultEnvironment(library!, directory, fault, report),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => {
    said.out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    said.err += text.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0 && code !== ENDED_BY_FAULT) throw new Error(`it ended with ${code}: ${said.err}`);
  const life = readLife(said.out, before);
  totals.started += life.opened ? 1 : 0;
  totals.ended += code === ENDED_BY_FAULT ? 1 : 0;
  totals.acknowledged += life.acknowledged;
  totals.refused += life.refused;
  totals.copies += life.warnings.length;
  if (life.refusal !== null) checkRefusal(life.refusal);
  return life;
}

/** A refusal must name a file or directory. */
function checkRefusal(message: string): void {
  totals.refusals++;
  if (!/^STATE_(STORE|FORMAT|DISK): .*(service|journal|data directory|store-)/.test(message)) {
    throw new Error(`the refusal does not name what is damaged: ${message}`);
  }
}

async function tryPoint(number: number, calls: { readonly writes: number; readonly reads: number }): Promise<void> {
  const random = new SeededRandom(Number(values.seed), number);
  const directory = fs.mkdtempSync(path.join(root, 'store-'));
  const lives: DiskFault[] = [];
  const faultNow = (): DiskFault => {
    const kind = FAULT_KINDS[(number + lives.length) % FAULT_KINDS.length]!;
    const most = kind === 'eread' ? calls.reads : calls.writes;
    const fault = {
      kind,
      at: 1 + random.below(most),
      seed: random.below(1 << 30),
      calls: random.oneOf([1, 3, 20, 10_000]),
    };
    lives.push(fault);
    return fault;
  };
  try {
    let possible = NOTHING;
    if (random.chance(0.6)) {
      fs.cpSync(used, directory, { recursive: true });
      possible = stateOf(used);
    }
    ({ possible } = await live(directory, faultNow(), random.below(1 << 20), possible));
    if (number % 3 === 0) ({ possible } = await live(directory, faultNow(), random.below(1 << 20), possible));
    try {
      const store = ServiceStore.open(directory, { warn: () => void totals.copies++ });
      store.close();
      if (!isAmong(store.all(), possible))
        throw new Error(`it has another state: ${differenceOf(store.all(), possible)}`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      checkRefusal(`${error.code}: ${error.message}`);
    }
  } catch (error) {
    violations++;
    console.log(`point ${number}, ${JSON.stringify(lives)}: ${(error as Error).message}`);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The directory of two lives without faults. Most points begin with a copy of it. */
const used = fs.mkdtempSync(path.join(root, 'used-'));

/** The number of calls of these lives. */
async function countCalls(): Promise<{ readonly writes: number; readonly reads: number }> {
  const report = path.join(root, 'report');
  await live(used, { kind: 'count', at: 0, seed: 1, calls: 1 }, 1, NOTHING, report);
  const [, writes] = /calls (\d+)/.exec(fs.readFileSync(report, 'utf8'))!;
  await live(used, { kind: 'eread', at: 1 << 30, seed: 1, calls: 1 }, 2, stateOf(used), report);
  const [, reads] = /reads (\d+)/.exec(fs.readFileSync(report, 'utf8'))!;
  return { writes: Number(writes), reads: Number(reads) };
}

function stateOf(directory: string): StoreLife['possible'] {
  const store = ServiceStore.open(directory, { warn: () => {} });
  store.close();
  return [store.all()];
}

const since = performance.now();
const calls = await countCalls();
console.log(`a life makes ${calls.writes} calls that change files, and ${calls.reads} that read`);
const numbers =
  values.only === undefined ? Array.from({ length: Number(values.points) }, (_, i) => i) : [Number(values.only)];
await Promise.all(
  [0, 1].map(async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) await tryPoint(number, calls);
  }),
);
fs.rmSync(root, { recursive: true, force: true });
const seconds = ((performance.now() - since) / 1000).toFixed(0);
console.log(
  `${values.points} fault points: ${totals.acknowledged} statements acknowledged and there, ${totals.refused} refused; ${totals.ended} lives ended by the fault; ${totals.refusals} starts refused by name; ${totals.copies} files replaced by their copy; ${violations} violations; ${seconds} s`,
);
process.exitCode = violations > 0 ? 1 : 0;
