/** Bench data: seeded, in the system's temporary folder; made once per size. Auction bids with few and with many bidders, card payments; disorder below 2 s. */
import fs from 'node:fs';
import path from 'node:path';

function randomOf(seed: number): () => number {
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

export const TABLES: Readonly<Record<string, RowMaker>> = {
  bids: bid(500),
  widebids: bid(1_200_000),
  payments: payment,
};

/** The file of a table with `rows` rows, made when it is not there. */
export function benchInput(directory: string, table: string, rows: number): string {
  const file = path.join(directory, `${table}-${rows}.jsonl`);
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(directory, { recursive: true });
  const random = randomOf(table.length * 7919);
  const make = TABLES[table]!;
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
