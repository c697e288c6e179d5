/**
 * Measures Node itself on the same file in the same run. The engine's figures are compared with
 * this.
 *
 *     node bench/yardstick.ts scan|json FILE.jsonl
 *
 * scan: this project's scanner alone, with all columns of the table and no further work. json:
 * blocks split into lines, JSON.parse, a Map of sums by the first column.
 */
import fs from 'node:fs';
import { BIGINT, DOUBLE, type Field, STRING, timestamp } from '../src/core/data-type.ts';
import { JsonDecoder } from '../src/formats/json/json-decoder.ts';

const [how, file] = process.argv.slice(2) as ['scan' | 'json', string];
const head = Buffer.alloc(4096);
fs.readSync(fs.openSync(file, 'r'), head);
const first = JSON.parse(head.toString('utf8').split('\n')[0]!) as Record<string, unknown>;
const fields: Field[] = Object.entries(first).map(([name, value]) => ({
  name,
  type: name === 'ts' ? timestamp(3) : typeof value === 'string' ? STRING : name === 'amount' ? DOUBLE : BIGINT,
}));

function blocks(use: (buffer: Buffer, end: number) => void): void {
  const size = 1 << 20;
  const buffer = Buffer.allocUnsafeSlow(size * 2);
  const fd = fs.openSync(file, 'r');
  let keep = 0;
  for (;;) {
    const read = fs.readSync(fd, buffer, keep, size, null);
    if (read === 0) break;
    const end = buffer.lastIndexOf(10, keep + read - 1) + 1;
    use(buffer, end);
    buffer.copy(buffer, 0, end, keep + read);
    keep = keep + read - end;
  }
}

const since = performance.now();
let rows = 0;
if (how === 'scan') {
  const decoder = new JsonDecoder(fields, 4096, (reason) => {
    throw new Error(reason);
  });
  blocks((buffer, end) => {
    for (let at = 0; at < end; ) {
      const { batch, next } = decoder.decode(buffer, at, end, 4096);
      rows += batch.size;
      at = next;
    }
  });
} else {
  const sums = new Map<unknown, number>();
  const [key, value] = [
    fields[0]!.name,
    fields.find((f) => f.type.kind !== 'varchar' && f.name !== fields[0]!.name)!.name,
  ];
  blocks((buffer, end) => {
    for (const line of buffer.utf8Slice(0, end - 1).split('\n')) {
      const row = JSON.parse(line) as Record<string, unknown>;
      sums.set(row[key], (sums.get(row[key]) ?? 0) + (row[value] as number));
      rows++;
    }
  });
}
console.log(JSON.stringify({ rows, ms: performance.now() - since }));
