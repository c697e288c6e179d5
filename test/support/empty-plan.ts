import { PLAN_FORMAT, type Plan } from '../../src/plan/plan.ts';

/** For tests in which nothing of the plan matters. */
export const EMPTY_PLAN: Plan = { format: PLAN_FORMAT, name: 'empty', nodes: [], settings: {} };
