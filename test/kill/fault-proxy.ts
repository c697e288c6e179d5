import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type NetworkFault = 'none' | 'unavailable' | 'cut-request' | 'cut-reply' | 'lose-reply' | 'slow';

export interface FaultProxy {
  readonly endpoint: string;
  /** Asked for each request. */
  fault: () => NetworkFault;
  /** The number of requests by fault. */
  readonly met: Record<NetworkFault, number>;
  close(): Promise<void>;
}

/**
 * A proxy between the engine and an object store that causes the faults of a network. It answers
 * 503 instead of the server, breaks off in the middle of a request or a reply, drops the reply of a
 * served request, or is slow. It passes the Host header on, because the header is part of the
 * signature.
 */
export async function startFaultProxy(server: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(server);
  const agent = new http.Agent({ keepAlive: true });

  function pass(request: http.IncomingMessage, body: Buffer): Promise<{ reply: http.IncomingMessage; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const { method, url, rawHeaders } = request;
      const onward = http.request({ hostname, port, method, path: url, headers: rawHeaders, agent }, (reply) => {
        read(reply).then((content) => resolve({ reply, body: content }), reject);
      });
      onward.on('error', reject);
      onward.end(body);
    });
  }

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const fault = proxy.fault();
    proxy.met[fault]++;
    if (fault === 'cut-request') {
      request.once('data', () => request.socket.destroy());
      request.once('end', () => request.socket.destroy());
      return;
    }
    const sent = await read(request);
    if (fault === 'unavailable') {
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>later</Message></Error>');
      return;
    }
    if (fault === 'slow') await sleep(300);
    const { reply, body } = await pass(request, sent);
    if (fault === 'lose-reply') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.statusCode!, reply.rawHeaders);
    if (fault === 'cut-reply' && body.length > 1) {
      response.write(body.subarray(0, body.length / 2));
      setTimeout(() => request.socket.destroy(), 10);
      return;
    }
    response.end(body);
  }

  const front = http.createServer((request, response) => {
    // The engine may be killed in the middle of a request.
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    fault: () => 'none',
    met: { none: 0, unavailable: 0, 'cut-request': 0, 'cut-reply': 0, 'lose-reply': 0, slow: 0 },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        front.closeAllConnections();
        front.close(() => resolve());
      }),
  };
  return proxy;
}

async function read(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
