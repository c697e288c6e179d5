import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

export interface FakeS3 {
  readonly endpoint: string;
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  /** `METHOD path?query` of every request. */
  readonly requests: string[];
  /** Uploads that were neither completed nor aborted. */
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** The action for a request, instead of serving it or after serving it. */
  fault: (method: string, url: string) => 'none' | 'unavailable' | 'lose-reply' | 'cut-body';
  close(): Promise<void>;
}

const PAGE = 3;

/**
 * Starts the part of the S3 HTTP API that checkpoints use, in this process: objects, conditional
 * creates, checksums, parts, and lists in small pages. It checks no signatures.
 */
export async function startFakeS3(options: { readonly ignoresConditions?: boolean } = {}): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const requests: string[] = [];
  const server = http.createServer((request, response) => void answer(request, response));

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method!;
    requests.push(`${method} ${request.url}`);
    const fault = fake.fault(method, request.url!);
    if (fault === 'unavailable') {
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>later</Message></Error>');
      return;
    }
    const reply = serve(method, request.url!, request.headers, Buffer.concat(chunks));
    if (fault === 'lose-reply') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
    if (fault === 'cut-body') {
      response.write(reply.body.subarray(0, reply.body.length / 2));
      setTimeout(() => request.socket.destroy(), 20);
      return;
    }
    response.end(method === 'HEAD' ? undefined : reply.body);
  }

  function serve(method: string, url: string, headers: http.IncomingHttpHeaders, body: Buffer): Reply {
    const { pathname, searchParams: query } = new URL(url, 'http://s3');
    const path = decodeURIComponent(pathname.slice(1)).replace(/\/$/, '');
    const upload = query.get('uploadId');
    if (method === 'GET' && query.has('list-type')) return list(path, query);
    if (method === 'POST' && query.has('uploads')) {
      const id = randomBytes(8).toString('hex');
      uploads.set(id, new Map());
      return xml(200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
    }
    if (upload !== null) {
      const parts = uploads.get(upload);
      if (parts === undefined) return failure(404, 'NoSuchUpload');
      if (method === 'PUT') {
        if (!checksumsFit(headers, body)) return failure(400, 'BadDigest');
        parts.set(Number(query.get('partNumber')), body);
        return { status: 200, headers: { etag: etagOf(body) }, body: Buffer.alloc(0) };
      }
      uploads.delete(upload);
      if (method === 'DELETE') return { status: 204, headers: {}, body: Buffer.alloc(0) };
      objects.set(path, Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part)));
      return xml(200, '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>');
    }
    const there = objects.get(path);
    if (method === 'PUT') {
      if (headers['if-none-match'] === '*' && there !== undefined && options.ignoresConditions !== true)
        return failure(412, 'PreconditionFailed');
      if (!checksumsFit(headers, body)) return failure(400, 'BadDigest');
      objects.set(path, body);
      return { status: 200, headers: { etag: etagOf(body) }, body: Buffer.alloc(0) };
    }
    if (method === 'DELETE') {
      objects.delete(path);
      return { status: 204, headers: {}, body: Buffer.alloc(0) };
    }
    if (there === undefined) return failure(404, 'NoSuchKey');
    return { status: 200, headers: { etag: etagOf(there) }, body: there };
  }

  function list(bucket: string, query: URLSearchParams): Reply {
    const start = `${bucket}/${query.get('prefix') ?? ''}`;
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((k) => k.startsWith(start) && k > after).sort();
    const page = keys.slice(0, PAGE);
    const contents = page.map(
      (k) => `<Contents><Key>${k.slice(bucket.length + 1)}</Key><Size>${objects.get(k)!.length}</Size></Contents>`,
    );
    const more =
      keys.length > PAGE
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>';
    return xml(200, `<ListBucketResult>${contents.join('')}${more}</ListBucketResult>`);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeS3 = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    requests,
    uploads,
    fault: () => 'none',
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const xml = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`),
});
const failure = (status: number, code: string): Reply =>
  xml(status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** Also refuses a body without any checksum, because every write must have one. */
function checksumsFit(headers: http.IncomingHttpHeaders, body: Buffer): boolean {
  const sha256 = headers['x-amz-checksum-sha256'];
  const crc = headers['x-amz-checksum-crc32'];
  const crcHere = Buffer.alloc(4);
  crcHere.writeUInt32BE(crc32(body));
  if (sha256 !== undefined) return sha256 === createHash('sha256').update(body).digest('base64');
  return crc === crcHere.toString('base64');
}
