const count = { type: 'integer', minimum: 0 } as const;

/** The effect of a changed query on the state of a job. */
export const RELOAD = {
  type: 'object',
  required: ['at', 'operators'],
  properties: {
    at: { type: 'number', description: 'milliseconds since 1970-01-01 UTC' },
    operators: {
      type: 'array',
      description: 'those with state',
      items: {
        type: 'object',
        required: ['operator', 'outcome', 'reason', 'kept', 'dropped'],
        properties: {
          operator: { type: 'string' },
          outcome: {
            type: 'string',
            enum: ['kept', 'carried', 'fresh', 'gone'],
            description:
              '`carried`: a changed pattern took over what still means something; `fresh`: it started without',
          },
          reason: { type: 'string', nullable: true, description: 'why it started fresh' },
          kept: {
            type: 'object',
            nullable: true,
            description: 'what a changed pattern took over',
            required: ['partialMatches', 'heldBackMatches', 'waitingRows'],
            properties: { partialMatches: count, heldBackMatches: count, waitingRows: count },
          },
          dropped: {
            type: 'array',
            items: {
              type: 'object',
              required: ['what', 'state', 'count', 'reason'],
              properties: {
                what: { type: 'string' },
                state: { type: 'string', nullable: true, description: 'state of the automaton before' },
                count,
                reason: { type: 'string' },
              },
            },
          },
        },
      },
    },
  },
} as const;
