/**
 * Bench data: seeded, in the system's temporary folder; made once per size. Auction bids with few
 * and with many bidders, card payments; disorder below 2 s.
 */
import fs from 'node:fs';
import path from 'node:path';

/** Returns a generator of numbers from 0 to 1. The same seed always gives the same numbers. */
export function randomOf(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const CHANNELS = ['Apple', 'Google', 'Facebook', 'Baidu'];
const EPOCH = Date.UTC(2026, 0, 1);

type RowMaker = (i: number, random: () => number) => string;

const time = (i: number, random: () => number): string => {
  const ms = EPOCH + Math.floor(i * 0.58) - Math.floor(random() ** 3 * 1900);
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
};

const bid =
  (bidders: number): RowMaker =>
  (i, random) => {
    const channel = random() < 0.6 ? CHANNELS[Math.floor(random() * 4)]! : `channel-${Math.floor(random() * 9999)}`;
    const auction = 1000 + Math.floor(random() ** 2 * 1300) + Math.floor(i / 20000);
    return `{"auction":${auction},"bidder":${1000 + Math.floor(random() * bidders)},"price":${Math.floor(10 ** (2 + random() * 6))},"channel":"${channel}","url":"https://auctions.example/item.htm?query=1&channel_id=${i % 9999}","ts":"${time(i, random)}"}`;
  };

const payment: RowMaker = (i, random) => {
  const card = `4000-${String(Math.floor(random() ** 1.5 * 60000)).padStart(6, '0')}`;
  const amount = random() < 0.1 ? Math.floor(random() * 1000) / 100 : Math.floor(random() * 50000) / 100;
  const ms = EPOCH + i * 4 - Math.floor(random() ** 3 * 1900);
  const ts = new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
  return `{"card":"${card}","amount":${amount},"merchant":"m${Math.floor(random() * 900)}","country":"DE","status":"${random() < 0.3 ? 'declined' : 'approved'}","ts":"${ts}"}`;
};

const at = (ms: number): string => new Date(EPOCH + ms).toISOString().slice(0, 23).replace('T', ' ');

/**
 * One key with `open` partial matches. After the first rows each A is followed by the B of the
 * oldest open partial match.
 */
const openMatches =
  (open: number): RowMaker =>
  (i) => {
    const opens = i < open || (i - open) % 2 === 0;
    const id = i < open ? i : opens ? open + (i - open) / 2 : (i - open - 1) / 2;
    return `{"k":"one","kind":"${opens ? 'A' : 'B'}","id":${id},"ts":"${at(i)}"}`;
  };

/** A, then `length` rows B with others between, then C; a hundred keys in turn. */
const loops =
  (length: number): RowMaker =>
  (i, random) => {
    const step = Math.floor(i / 100) % (length * 2 + 2);
    const kind = step === 0 ? 'A' : step === length * 2 + 1 ? 'C' : step % 2 === 1 ? 'B' : '-';
    return `{"k":"k${i % 100}","kind":"${kind}","id":${Math.floor(random() * 1000)},"ts":"${at(i)}"}`;
  };

/** Each row is the first and last of its key. */
const oneShot: RowMaker = (i) => `{"k":"session-${i}","kind":"A","id":${i},"ts":"${at(i)}"}`;

/** Payments on very many cards, about ten a second in each hour. */
const manyCards =
  (cards: number): RowMaker =>
  (i, random) => {
    const card = `c${String(Math.floor(random() * cards)).padStart(7, '0')}`;
    const cents =
      random() < 0.5 ? 100 + Math.floor(random() * 900) : random() < 0.1 ? 25000 : 1000 + Math.floor(random() * 8000);
    return `{"card":"${card}","amount":${cents / 100},"merchant":"m${Math.floor(random() * 900)}","country":"DE","status":"approved","ts":"${at(Math.floor(i / 8) - Math.floor(random() ** 3 * 1900) + 2000)}"}`;
  };

/** By name; `name:n` passes a number. */
export const TABLES: Readonly<Record<string, (n: number) => RowMaker>> = {
  bids: () => bid(500),
  widebids: () => bid(1_200_000),
  payments: (cards) => (cards > 0 ? manyCards(cards) : payment),
  open: openMatches,
  loops,
  oneshot: () => oneShot,
};

/** Returns the file of a table with `rows` rows. Creates the file if it does not exist. */
export function benchInput(directory: string, table: string, rows: number): string {
  const [name, n] = table.split(':') as [string, string?];
  const file = path.join(directory, `${table.replace(':', '-')}-${rows}.jsonl`);
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(directory, { recursive: true });
  const random = randomOf(table.length * 7919);
  const make = TABLES[name]!(Number(n ?? 0));
  const fd = fs.openSync(`${file}.tmp`, 'w');
  let text = '';
  for (let i = 0; i < rows; i++) {
    text += `${make(i, random)}\n`;
    if (text.length > 1 << 20) {
      fs.writeSync(fd, text);
      text = '';
    }
  }
  fs.writeSync(fd, text);
  fs.closeSync(fd);
  fs.renameSync(`${file}.tmp`, file);
  return file;
}
