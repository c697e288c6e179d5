const NAME = { type: 'string', maxLength: 64, examples: ['before-upgrade'] } as const;

export const SAVEPOINT = {
  type: 'object',
  required: ['name', 'state', 'checkpoint', 'path', 'at', 'stateBytes', 'drained', 'failure'],
  additionalProperties: false,
  properties: {
    name: NAME,
    state: { type: 'string', enum: ['IN_PROGRESS', 'COMPLETED', 'FAILED'] },
    checkpoint: { type: 'integer', nullable: true, description: 'its number; null as long as it does not stand' },
    path: { type: 'string', nullable: true, description: "its manifest on the service's disk" },
    at: { type: 'number', description: 'milliseconds since 1970-01-01 UTC' },
    stateBytes: { type: 'integer', minimum: 0 },
    drained: { type: 'boolean', description: 'the job was brought to its end before; nothing can follow' },
    failure: {
      type: 'object',
      nullable: true,
      required: ['code', 'message'],
      properties: { code: { type: 'string' }, message: { type: 'string' } },
    },
  },
} as const;

export const SAVEPOINT_LIST = {
  type: 'object',
  required: ['savepoints'],
  additionalProperties: false,
  properties: { savepoints: { type: 'array', description: 'oldest first', items: SAVEPOINT } },
} as const;

export const SAVEPOINT_REQUEST = {
  type: 'object',
  nullable: true,
  additionalProperties: false,
  properties: {
    name: { ...NAME, description: 'unique among the savepoints of the job; by default made of the time' },
    stop: { type: 'boolean', description: 'the job ends with it' },
    drain: {
      type: 'boolean',
      description: 'only with `stop`: the last watermark is sent before, so that windows and absences fire',
    },
  },
} as const;

export const START_REQUEST = {
  type: 'object',
  nullable: true,
  additionalProperties: false,
  properties: { savepoint: { ...NAME, description: 'the savepoint to go on from; by default the newest checkpoint' } },
} as const;

export const SAVEPOINT_PATH = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'string', minLength: 1, maxLength: 300 }, name: { type: 'string', maxLength: 64 } },
} as const;
