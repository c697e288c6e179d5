const ROW = {
  type: 'object',
  required: ['variable', 'time', 'row'],
  additionalProperties: false,
  properties: {
    variable: { type: 'string', description: 'the pattern variable it is bound to' },
    time: { type: 'string' },
    row: { type: 'object', additionalProperties: true, description: 'the columns that the pattern keeps' },
  },
} as const;
const ROWS = { type: 'array', description: 'in order', items: ROW } as const;

export const OPEN_MATCHES = {
  type: 'object',
  required: ['pattern', 'key', 'watermark', 'open', 'heldBack', 'more'],
  additionalProperties: false,
  properties: {
    pattern: { type: 'string', description: "name of the pattern's operator" },
    key: { type: 'object', additionalProperties: { type: 'string' } },
    watermark: { type: 'string', description: 'how far time has come; later rows wait for it' },
    open: {
      type: 'array',
      description: 'partial matches, earliest start first',
      items: {
        type: 'object',
        required: ['rows', 'waitsFor'],
        additionalProperties: false,
        properties: {
          rows: ROWS,
          waitsFor: { type: 'array', items: { type: 'string' }, description: 'variables that a next row could be' },
          until: { type: 'string', description: 'when its time runs out; absent: never' },
          absence: { type: 'boolean', description: 'a match at `until`, if no forbidden row comes before' },
        },
      },
    },
    heldBack: {
      type: 'array',
      description: 'complete, but held back by one that began earlier and is open',
      items: { type: 'object', required: ['rows'], additionalProperties: false, properties: { rows: ROWS } },
    },
    more: { type: 'integer', minimum: 0, description: 'open ones that are not listed' },
  },
} as const;

export const OPEN_MATCHES_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    pattern: {
      type: 'string',
      maxLength: 300,
      description: "name of the pattern's operator; not needed where there is one",
    },
    key: {
      description: 'a value of each PARTITION BY column, in order: repeat it for several',
      anyOf: [
        { type: 'string', maxLength: 4096 },
        { type: 'array', maxItems: 32, items: { type: 'string', maxLength: 4096 } },
      ],
    },
  },
} as const;
