import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { postJson, send } from '../../support/http-client.ts';

/** The service under attack. */
export interface Target {
  readonly port: number;
  readonly token: string;
  /** Files over HTTP are in `data/`, patterns in `patterns/`. */
  readonly directory: string;
}

/** Sends something harmful. Resolves to what the service answered, when it has answered. */
export interface Attack {
  readonly name: string;
  run(target: Target): Promise<string>;
}

const WIDE_COLUMNS = 3000;
const column = (i: number): string => `measurement_${i}_of_sensor`;

async function submit({ port, token }: Target, sql: string): Promise<string> {
  try {
    const { status } = await postJson(port, '/v1/statements', { sql }, { authorization: `Bearer ${token}` });
    return String(status);
  } catch {
    return 'lost';
  }
}

/** Counts equal results: `12 × 200, 388 × 503`. */
async function counted(results: readonly Promise<string>[]): Promise<string> {
  const counts = new Map<string, number>();
  for (const result of await Promise.all(results)) counts.set(result, (counts.get(result) ?? 0) + 1);
  return [...counts].map(([result, count]) => `${count} × ${result}`).join(', ');
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const EVENTS = `CREATE TABLE t (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'data/t', 'format' = 'json');\n`;
const pattern = (text: string): string => `${EVENTS}EXPLAIN SELECT * FROM t MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES B.v AS v PATTERN (${text}) DEFINE A AS A.v > 1, B AS B.v > 2);`;

const wideTable = (): string => {
  const columns = times(WIDE_COLUMNS, (i) => `${column(i)} INT`).join(', ');
  return `CREATE TABLE w (${columns}) WITH ('connector' = 'filesystem', 'path' = 'data/w', 'format' = 'json');`;
};

/** A job that reads `data/<name>.jsonl`. */
const jobOver = (name: string, columns: string, select: string): string => `
  CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = 'data/${name}.jsonl', 'format' = 'json');
  CREATE TABLE ${name}_out (x STRING) WITH ('connector' = 'filesystem', 'path' = 'data/${name}-out', 'format' = 'json');
  INSERT INTO ${name}_out ${select};`;

function openSockets(port: number, count: number, text: string): net.Socket[] {
  return times(count, () => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined);
    return socket;
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const ATTACKS: readonly Attack[] = [
  { name: 'nothing, for comparison', run: async () => 'none' },
  {
    name: 'patterns with ten million steps',
    run: (target) =>
      counted(['A{10000000} B', 'A{1,1000000} B', '(A{2000}){2000} B'].map((text) => submit(target, pattern(text)))),
  },
  {
    name: '14,500 statements with a mistake each',
    run: (target) => counted(times(4, () => submit(target, 'SELECT zz FROM q;\n'.repeat(14_500)))),
  },
  {
    name: '3,500 misspelt columns over 3,000',
    async run(target) {
      const written = times(3500, (i) => `measurment_${i}_of_senzor`).join(', ');
      return counted(times(4, () => submit(target, `${wideTable()}\nSELECT ${written} FROM w;`)));
    },
  },
  {
    name: '1,000 EXPLAINs of a large pattern in a text',
    run: (target) => submit(target, EVENTS + pattern('A{9000} B').slice(EVENTS.length).repeat(1000)),
  },
  {
    name: '400 EXPLAINs of a 3,000-column table at once',
    async run(target) {
      await submit(target, wideTable());
      return counted(times(400, () => submit(target, 'EXPLAIN SELECT * FROM w')));
    },
  },
  {
    name: '400 texts with a 3,000-column table at once',
    run: (target) => counted(times(400, () => submit(target, `${wideTable()} EXPLAIN SELECT * FROM w`))),
  },
  {
    name: '2,000 requests at once that nobody reads',
    async run({ port, token }) {
      const request = `GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`;
      const sockets = openSockets(port, 200, request.repeat(10));
      for (const socket of sockets) socket.pause();
      await pause(3000);
      for (const socket of sockets) socket.destroy();
      return 'closed';
    },
  },
  {
    name: 'a first line with 400,000 keys',
    async run(target) {
      const line = `{${times(400_000, (i) => `"key${i}":${i}`).join(',')}}\n`;
      fs.writeFileSync(path.join(target.directory, 'data/keys.jsonl'), line.repeat(3));
      const done = await submit(target, jobOver('keys', 'key1 INT', 'SELECT CAST(key1 AS STRING) FROM keys'));
      await pause(3000);
      return done;
    },
  },
  {
    name: 'rows of 5 MB into a pattern',
    async run(target) {
      const file = fs.openSync(path.join(target.directory, 'data/large.jsonl'), 'w');
      for (let n = 0; n < 60; n++) fs.writeSync(file, `{"n":${n},"s":"${'x'.repeat(5 << 20)}"}\n`);
      fs.closeSync(file);
      const select = `SELECT l FROM (SELECT n, s, PROCTIME() AS p FROM large) MATCH_RECOGNIZE (ORDER BY p
        MEASURES LAST(A.s) AS l PATTERN (A+ B) DEFINE A AS n >= 0, B AS n < 0) AS m`;
      const done = await submit(target, jobOver('large', 'n INT, s STRING', select));
      await pause(5000);
      return done;
    },
  },
  {
    name: 'a text of 600 MB made by REPLACE',
    async run(target) {
      fs.writeFileSync(path.join(target.directory, 'data/small.jsonl'), `{"s":"${'x'.repeat(30_000)}"}\n`.repeat(20));
      const grown = `REPLACE(s, 'x', REPEAT('y', 20000))`;
      const done = await submit(target, jobOver('small', 's STRING', `SELECT ${grown} FROM small`));
      await pause(2000);
      return done;
    },
  },
  {
    name: '60 jobs started at once',
    async run(target) {
      await submit(target, EVENTS);
      const job = (i: number): string => `CREATE TABLE o${i} (k STRING, a INT) WITH ('connector' = 'blackhole');
        INSERT INTO o${i} SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES B.v AS a
        PATTERN (A B) WITHIN INTERVAL '1' HOUR DEFINE A AS A.v > 1, B AS B.v > 2) AS m;`;
      return submit(target, times(60, job).join('\n'));
    },
  },
  {
    name: '1,000 idle connections',
    async run({ port }) {
      const sockets = openSockets(port, 1000, '');
      await pause(4000);
      const open = sockets.filter((socket) => !socket.destroyed && socket.readyState === 'open').length;
      for (const socket of sockets) socket.destroy();
      return `${open} still open`;
    },
  },
  {
    name: '1,000 connections with half a request',
    async run({ port }) {
      const sockets = openSockets(port, 1000, 'POST /v1/statements HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-le');
      await pause(4000);
      for (const socket of sockets) socket.destroy();
      return 'closed';
    },
  },
  {
    name: '3,000 wrong tokens',
    async run({ port }) {
      const wrong = async (i: number): Promise<string> =>
        send(port, 'GET', '/v1/jobs', { headers: { authorization: `Bearer wrong-token-number-${i}` } }).then(
          ({ status }) => String(status),
          () => 'lost',
        );
      const all: Promise<string>[] = [];
      for (let i = 0; i < 3000; i += 100) {
        const some = times(100, (n) => wrong(i + n));
        all.push(...some);
        await Promise.all(some);
      }
      return counted(all);
    },
  },
  {
    name: '16 followers that read nothing',
    async run(target) {
      const { port, token, directory } = target;
      fs.writeFileSync(path.join(directory, 'data/fast.jsonl'), '{"s":"row"}\n'.repeat(300_000));
      await submit(target, jobOver('fast', 's STRING', 'SELECT s FROM fast'));
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const followers = times(16, () => {
        const options = { port, host: '127.0.0.1', path: '/v1/jobs/fast_out/rows', headers, agent: false };
        const request = http.get(options, (response) => response.pause());
        request.on('error', () => undefined);
        return request;
      });
      await pause(5000);
      for (const follower of followers) follower.destroy();
      return 'closed';
    },
  },
  {
    name: 'a named pipe among the patterns, and 100 broken files',
    async run({ directory }) {
      execFileSync('mkfifo', [path.join(directory, 'patterns/pipe.sql')]);
      for (let i = 0; i < 100; i++)
        fs.writeFileSync(path.join(directory, `patterns/broken${i}.sql`), 'SELECT zz FROM q;');
      await pause(4000);
      return 'written';
    },
  },
];
