import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const START_MS = 60_000;
const REPLY_MS = 30_000;
const END_MS = 60_000;

/** The service was killed during a request, so it is unknown whether the request took effect. */
export class Interrupted extends Error {}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

interface ServiceOptions {
  /** The built program. */
  readonly cli: string;
  /** The current directory of the service. Its log and token are there too. */
  readonly directory: string;
  readonly flags: readonly string[];
  /** Called when the service ends by itself. */
  readonly onDeath: (how: string) => void;
}

/** The service as a child process. It has several lives. */
export class SoakService {
  /** Counts the starts. */
  life = 0;
  readonly token = 'soak-'.repeat(8);
  readonly #options: ServiceOptions;
  readonly #command: readonly string[];
  #child: ChildProcess | null = null;
  #url: Promise<URL> = Promise.reject(new Error('not started'));
  #endWanted = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    const { directory, flags } = options;
    const tokenFile = path.join(directory, 'token');
    fs.writeFileSync(tokenFile, this.token, { mode: 0o600 });
    this.#command = ['serve', '--token-file', tokenFile, ...flags];
    this.#url.catch(() => {});
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Resolves with the address when the service listens. */
  get url(): Promise<URL> {
    return this.#url;
  }

  /** `environment`: variables in addition to those of this process. */
  start(environment: Readonly<Record<string, string>> = {}): Promise<URL> {
    this.life++;
    this.#url = this.#spawn(environment);
    this.#url.catch(() => {});
    return this.#url;
  }

  #spawn(environment: Readonly<Record<string, string>> = {}): Promise<URL> {
    const { cli, directory, onDeath } = this.#options;
    const log = fs.openSync(path.join(directory, 'log'), 'a');
    // The program itself finds Node on the path, and gives it the options for a service.
    const child = spawn(cli, this.#command, {
      cwd: directory,
      stdio: ['ignore', 'pipe', log],
      env: {
        ...process.env,
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH']}`,
        ...environment,
      },
    });
    fs.closeSync(log);
    this.#child = child;
    this.#endWanted = false;
    child.once('exit', (code, signal) => {
      if (!this.#endWanted) onDeath(String(code ?? signal));
    });
    return addressOf(child);
  }

  /** kill -9, and a new start. */
  async killAndStart(): Promise<void> {
    const child = this.#child!;
    const end = endOf(child);
    this.life++;
    this.#endWanted = true;
    child.kill('SIGKILL');
    this.#url = end.then(() => this.#spawn());
    await this.#url;
  }

  /** Ends the service by SIGTERM; returns the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child!;
    const end = endOf(child);
    this.#endWanted = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    const code = await end;
    clearTimeout(timer);
    return code;
  }

  kill(): void {
    this.#endWanted = true;
    this.#child?.kill('SIGKILL');
  }

  /** Resolves when the process has ended, with its exit code or the name of the signal. */
  async ended(): Promise<number | string> {
    const child = this.#child!;
    const code = await endOf(child);
    return code ?? child.signalCode!;
  }

  /**
   * Sends a request over a connection of its own. Throws `Interrupted` if the service is killed
   * meanwhile.
   */
  async request(method: string, target: string, body?: unknown, token = this.token): Promise<Reply> {
    const url = new URL(target, await this.#url);
    const { life } = this;
    try {
      return await send(url, method, token, body);
    } catch (error) {
      if (this.life !== life) throw new Interrupted(`${method} ${target}`);
      throw new Error(`${method} ${target}: ${(error as Error).message}`);
    }
  }
}

function send(url: URL, method: string, token: string, body: unknown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const request = http.request(url, { method, headers, agent: false, timeout: REPLY_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`no reply within ${REPLY_MS} ms`)));
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Waits for the address that the service prints. */
function addressOf(child: ChildProcess): Promise<URL> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the service did not start within ${START_MS} ms`)), START_MS);
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /at (http:\S+)/.exec(text);
      if (found === null) return;
      clearTimeout(timer);
      resolve(new URL(found[1]!));
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the service ended with ${code ?? signal}`));
    });
  });
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
