import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebHdfsPlace } from '../../src/storage/hdfs/webhdfs-client.ts';

export interface FakeHdfs {
  readonly place: WebHdfsPlace;
  /** By path. */
  readonly files: Map<string, Buffer>;
  /** Times of the last write of files that are older than now, in milliseconds since 1970. */
  readonly writtenAt: Map<string, number>;
  /** `OP path` of every request to either node. */
  readonly requests: string[];
  /** The action for a request, instead of serving it or after serving it. */
  fault: (op: string, node: 'name' | 'data') => 'none' | 'starting' | 'lose-reply' | 'cut-body' | 'short';
  close(): Promise<void>;
}

/**
 * Starts the part of WebHDFS that checkpoints use. A name node redirects reads and writes to a data
 * node, which sends `100 Continue` without a request for it, as the real one does.
 */
export async function startFakeHdfs(): Promise<FakeHdfs> {
  const files = new Map<string, Buffer>();
  const writtenAt = new Map<string, number>();
  const requests: string[] = [];
  const nameNode = http.createServer((request, response) => void answer('name', request, response));
  const dataNode = http.createServer((request, response) => void answer('data', request, response));

  async function answer(node: 'name' | 'data', request: http.IncomingMessage, response: http.ServerResponse) {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const file = decodeURIComponent(pathname.replace('/webhdfs/v1', ''));
    const op = searchParams.get('op')!;
    requests.push(`${op} ${file}`);
    const fault = fake.fault(op, node);
    if (node === 'data' && request.method === 'PUT') response.writeContinue();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (fault === 'starting') {
      json(response, 403, refusal('SafeModeException', 'Name node is in safe mode.'));
      return;
    }
    if (op === 'OPEN' && !files.has(file)) {
      json(response, 404, refusal('FileNotFoundException', `File ${file} not found.`));
      return;
    }
    if (node === 'name' && (op === 'CREATE' || op === 'OPEN')) {
      response.writeHead(307, { location: `${origin(dataNode)}${request.url}`, 'content-length': 0 }).end();
      return;
    }
    const content = Buffer.concat(chunks);
    const reply = op === 'OPEN' ? files.get(file)! : serve(op, file, searchParams, content, fault === 'short');
    if (fault === 'lose-reply') request.socket.destroy();
    else if (Buffer.isBuffer(reply)) {
      response.writeHead(op === 'CREATE' ? 201 : 200, { 'content-length': reply.length });
      if (fault === 'cut-body') {
        response.write(reply.subarray(0, reply.length / 2));
        setTimeout(() => request.socket.destroy(), 20);
      } else response.end(reply);
    } else json(response, 'RemoteException' in reply ? 404 : 200, reply);
  }

  function serve(op: string, file: string, query: URLSearchParams, content: Buffer, short: boolean): object | Buffer {
    const to = query.get('destination') ?? '';
    if (op === 'CREATE') {
      files.set(file, short ? content.subarray(1) : content);
      return Buffer.alloc(0);
    }
    if (op === 'MKDIRS') return { boolean: true };
    if (op === 'DELETE') return { boolean: files.delete(file) };
    if (op === 'RENAME') {
      const replace = query.get('renameoptions') === 'OVERWRITE';
      if (!files.has(file)) {
        return replace ? refusal('FileNotFoundException', `rename source ${file} is not found.`) : { boolean: false };
      }
      if (!replace && files.has(to)) return { boolean: false };
      files.set(to, files.get(file)!);
      files.delete(file);
      return replace ? Buffer.alloc(0) : { boolean: true };
    }
    if (op === 'GETFILESTATUS') return { FileStatus: { length: files.get(file)!.length, type: 'FILE' } };
    const names = [...files.keys()].filter(
      (name) => name.startsWith(`${file}/`) && !name.includes('/', file.length + 1),
    );
    if (names.length === 0) return refusal('FileNotFoundException', `File ${file} does not exist.`);
    const status = names.map((name) => ({
      pathSuffix: name.slice(file.length + 1),
      type: 'FILE',
      length: files.get(name)!.length,
      modificationTime: writtenAt.get(name) ?? Date.now(),
    }));
    return { FileStatuses: { FileStatus: status } };
  }

  for (const server of [nameNode, dataNode]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  const fake: FakeHdfs = {
    place: { location: 'hdfs://fake', origin: origin(nameNode), user: 'test' },
    files,
    writtenAt,
    requests,
    fault: () => 'none',
    async close() {
      for (const server of [nameNode, dataNode]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  return fake;
}

const origin = (server: http.Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const refusal = (exception: string, message: string): { RemoteException: object } => ({
  RemoteException: { exception, javaClassName: `java.io.${exception}`, message },
});

function json(response: http.ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
