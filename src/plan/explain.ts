import type { Plan } from './plan.ts';
export function explainPlan(plan: Plan): string {
  return JSON.stringify(plan);
}
