import { PLAN_FORMAT, type Plan } from '../../src/plan/plan.ts';

/** A plan for tests that do not use its content. */
export const EMPTY_PLAN: Plan = { format: PLAN_FORMAT, name: 'empty', nodes: [], settings: {} };
