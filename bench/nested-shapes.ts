/** Events like those of real sources: envelopes of several kinds with nested, optional fields. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface NestedShape {
  readonly name: string;
  readonly event: (i: number, random: () => number) => { readonly [key: string]: Json | undefined };
  /** Columns of the table over the nested lines. */
  readonly columns: string;
  readonly options?: string;
  /** The fields that the query reads, as paths, with their types. */
  readonly reads: readonly (readonly [path: string, type: string])[];
}

const EPOCH = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(ms).toISOString();
const pick = <T>(random: () => number, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const digits = (random: () => number): number => Math.floor(random() * 1e8);

const debezium: NestedShape = {
  name: 'Debezium',
  event(i, random) {
    const row = (status: string) => ({
      id: 1000 + (i % 50_000),
      customer: `customer-${digits(random)}`,
      email: `user${digits(random)}@example.com`,
      status,
      amount: Math.floor(random() * 99_999) / 100,
      note: random() < 0.1 ? null : 'delivered to the front door by the usual driver',
    });
    const op = pick(random, ['c', 'u', 'u', 'u', 'd'] as const);
    return {
      before: op === 'c' ? null : row('open'),
      after: op === 'd' ? null : row('paid'),
      source: {
        version: '3.0.0.Final',
        connector: 'postgresql',
        name: 'shop',
        ts_ms: EPOCH + i,
        snapshot: 'false',
        db: 'shop',
        sequence: `["${i}","${i + 1}"]`,
        schema: 'public',
        table: 'orders',
        txId: i,
        lsn: 24_000_000 + i,
        xmin: null,
      },
      transaction: null,
      op,
      ts_ms: EPOCH + i + 12,
    };
  },
  columns: `op STRING, ts_ms BIGINT,
  before ROW<id BIGINT, status STRING, amount DOUBLE>,
  after ROW<id BIGINT, customer STRING, status STRING, amount DOUBLE>`,
  reads: [
    ['op', 'STRING'],
    ['ts_ms', 'BIGINT'],
    ['before.id', 'BIGINT'],
    ['before.status', 'STRING'],
    ['before.amount', 'DOUBLE'],
    ['after.id', 'BIGINT'],
    ['after.customer', 'STRING'],
    ['after.status', 'STRING'],
    ['after.amount', 'DOUBLE'],
  ],
};

const cloudEvents: NestedShape = {
  name: 'CloudEvents',
  event(i, random) {
    const kind = pick(random, ['created', 'paid', 'shipped'] as const);
    const orderId = 1000 + Math.floor(i / 3);
    const data: Record<(typeof kind)[number] | string, Json> = {
      created: {
        orderId,
        customer: { id: digits(random), name: 'Ada Adler', tier: pick(random, ['gold', 'silver']) },
        items: [1, 2].map((n) => ({ sku: `sku-${digits(random)}`, quantity: n, price: 19.25 })),
        total: Math.floor(random() * 99_999) / 100,
      },
      paid: { orderId, method: 'card', total: Math.floor(random() * 99_999) / 100, approved: random() < 0.9 },
      shipped: { orderId, carrier: { name: 'Post', tracking: `T${digits(random)}` }, weight: 1.25 },
    };
    return {
      specversion: '1.0',
      id: `${digits(random)}-${i}`,
      source: '/shop/orders',
      type: `com.example.order.${kind}`,
      subject: random() < 0.5 ? `orders/${orderId}` : undefined,
      time: iso(EPOCH + i),
      datacontenttype: 'application/json',
      traceparent: random() < 0.3 ? `00-${digits(random)}-01` : undefined,
      data: data[kind]!,
    };
  },
  columns: `id STRING, type STRING, subject STRING, \`time\` TIMESTAMP_LTZ(3),
  data ROW<orderId BIGINT, total DOUBLE, customer ROW<id BIGINT, tier STRING>, carrier ROW<tracking STRING>>`,
  options: ", 'json.timestamp-format.standard' = 'ISO-8601'",
  reads: [
    ['id', 'STRING'],
    ['type', 'STRING'],
    ['subject', 'STRING'],
    ['time', 'TIMESTAMP_LTZ(3)'],
    ['data.orderId', 'BIGINT'],
    ['data.total', 'DOUBLE'],
    ['data.customer.id', 'BIGINT'],
    ['data.customer.tier', 'STRING'],
    ['data.carrier.tracking', 'STRING'],
  ],
};

const gitHub: NestedShape = {
  name: 'GitHub events',
  event(i, random) {
    const login = `user-${digits(random) % 90_000}`;
    const repo = `${login}/project-${digits(random) % 500}`;
    const actor = {
      id: digits(random),
      login,
      display_login: login,
      gravatar_id: '',
      url: `https://api.example.com/users/${login}`,
      avatar_url: `https://avatars.example.com/u/${login}?`,
    };
    const payloads: Readonly<Record<string, () => Json>> = {
      PushEvent: () => ({
        repository_id: digits(random),
        push_id: digits(random),
        size: 1,
        ref: 'refs/heads/main',
        head: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
        commits: [
          { sha: 'a94a8fe5', author: { name: login, email: 'a@b.example' }, message: 'Fix\nthe build', distinct: true },
        ],
      }),
      WatchEvent: () => ({ action: 'started' }),
      CreateEvent: () => ({
        ref: 'v1.0',
        ref_type: 'tag',
        master_branch: 'main',
        description: null,
        pusher_type: 'user',
      }),
      IssuesEvent: () => ({
        action: 'opened',
        issue: {
          id: digits(random),
          number: i % 900,
          title: 'It does not start',
          labels: [{ name: 'bug' }],
          body: null,
        },
      }),
      PullRequestEvent: () => ({
        action: 'closed',
        number: i % 900,
        pull_request: { id: digits(random), merged: true, head: { ref: 'fix', sha: 'a94a8fe5' }, additions: 12 },
      }),
      ForkEvent: () => ({ forkee: { id: digits(random), full_name: repo, private: false, owner: { login } } }),
    };
    const type = pick(random, ['PushEvent', 'PushEvent', 'PushEvent', ...Object.keys(payloads)]);
    return {
      id: String(40_000_000_000 + i),
      type,
      actor,
      repo: { id: digits(random), name: repo, url: `https://api.example.com/repos/${repo}` },
      payload: payloads[type]!(),
      public: true,
      created_at: iso(EPOCH + i * 10).replace(/\.\d+/, ''),
      org: random() < 0.3 ? { id: digits(random), login: 'example', gravatar_id: '' } : undefined,
    };
  },
  columns: `id STRING, type STRING, actor ROW<id BIGINT, login STRING>, repo ROW<id BIGINT, name STRING>,
  payload ROW<action STRING, size INT, \`number\` INT, issue ROW<title STRING>>,
  created_at TIMESTAMP_LTZ(3), org ROW<login STRING>`,
  options: ", 'json.timestamp-format.standard' = 'ISO-8601'",
  reads: [
    ['id', 'STRING'],
    ['type', 'STRING'],
    ['actor.id', 'BIGINT'],
    ['actor.login', 'STRING'],
    ['repo.id', 'BIGINT'],
    ['repo.name', 'STRING'],
    ['payload.action', 'STRING'],
    ['payload.size', 'INT'],
    ['payload.number', 'INT'],
    ['payload.issue.title', 'STRING'],
    ['created_at', 'TIMESTAMP_LTZ(3)'],
    ['org.login', 'STRING'],
  ],
};

const orders: NestedShape = {
  name: 'one layout',
  event: (i, random) => ({
    id: 1000 + i,
    customer: { id: digits(random), name: `customer-${digits(random)}`, address: { city: 'Berlin', zip: '10115' } },
    payment: { method: 'card', amount: Math.floor(random() * 99_999) / 100 },
    at: iso(EPOCH + i)
      .slice(0, 23)
      .replace('T', ' '),
  }),
  columns: `id BIGINT, customer ROW<id BIGINT, name STRING, address ROW<city STRING, zip STRING>>,
  payment ROW<\`method\` STRING, amount DOUBLE>, \`at\` TIMESTAMP(3)`,
  reads: [
    ['id', 'BIGINT'],
    ['customer.id', 'BIGINT'],
    ['customer.name', 'STRING'],
    ['customer.address.city', 'STRING'],
    ['customer.address.zip', 'STRING'],
    ['payment.method', 'STRING'],
    ['payment.amount', 'DOUBLE'],
    ['at', 'TIMESTAMP(3)'],
  ],
};

export const NESTED_SHAPES: readonly NestedShape[] = [orders, debezium, cloudEvents, gitHub];
