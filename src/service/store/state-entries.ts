import type { CatalogTable, CatalogView } from '../../compiler/catalog.ts';
import type { JobDefinition } from '../job-definition.ts';
import type { ReloadStatus, SubmissionRecord } from '../service-api.ts';
import type { Change, JobEnd } from './change.ts';
import { type ServiceState, SUBMISSIONS_KEPT } from './service-state.ts';
import type { StoreEntry, StoreWrite } from './store-database.ts';

/** Returns the writes by which a change takes effect. `state` is the state before the change. */
export function writesOf(change: Change, state: ServiceState): readonly StoreWrite[] {
  switch (change.kind) {
    case 'catalog':
      return [
        ...listWrites('table', [...state.catalog.tables.values()], change.tables),
        ...listWrites('view', [...state.catalog.views.values()], change.views),
      ];
    case 'job':
      return [put('job', change.definition.id, change.definition), remove('job-end', change.definition.id)];
    case 'job-ended':
      return state.jobs.has(change.id) ? [put('job-end', change.id, change.end)] : [];
    case 'job-removed':
      return ['job', 'job-end', 'reloads'].map((kind) => remove(kind, change.id));
    case 'pattern-stopped':
      return [
        change.plan === null ? remove('pattern-stopped', change.job) : put('pattern-stopped', change.job, change.plan),
      ];
    case 'pattern-passed':
      return [put('pattern-passed', change.pattern, change.stamp)];
    case 'demo-started':
      return [put('demo-started', change.pattern, change.at)];
    case 'reloaded':
      return [put('reloads', change.job, state.reloadsWith(change.job, change.reload))];
    case 'submitted': {
      const { number } = change.submission;
      return [
        put('submission', String(number), change.submission),
        remove('submission', String(number - SUBMISSIONS_KEPT)),
      ];
    }
  }
}

/** Returns the changes that give the state of the entries. Ignores kinds of a later version. */
export function changesOf(entries: readonly StoreEntry[]): readonly Change[] {
  const tables: CatalogTable[] = [];
  const views: CatalogView[] = [];
  const changes: Change[] = [];
  for (const { kind, name, content } of entries) {
    const value: unknown = JSON.parse(content);
    if (kind === 'table') tables.push(value as CatalogTable);
    else if (kind === 'view') views.push(value as CatalogView);
    else if (kind === 'job') changes.push({ kind: 'job', definition: value as JobDefinition });
    else if (kind === 'job-end') changes.push({ kind: 'job-ended', id: name, end: value as JobEnd });
    else if (kind === 'pattern-stopped') changes.push({ kind, job: name, plan: value as string });
    else if (kind === 'pattern-passed') changes.push({ kind, pattern: name, stamp: value as string });
    else if (kind === 'demo-started') changes.push({ kind, pattern: name, at: value as number });
    else if (kind === 'reloads')
      for (const reload of value as ReloadStatus[]) changes.push({ kind: 'reloaded', job: name, reload });
    else if (kind === 'submission') changes.push({ kind: 'submitted', submission: value as SubmissionRecord });
  }
  // Jobs come first, because the entry of a replaced job may follow the entry of its end.
  const order = (change: Change): number => (change.kind === 'job' ? 0 : 1);
  changes.sort((a, b) => order(a) - order(b));
  return [{ kind: 'catalog', tables, views }, ...changes];
}

/** Writes what has changed. The order of the entries is that of the list. */
function listWrites<Item extends { readonly name: string }>(
  kind: string,
  before: readonly Item[],
  after: readonly Item[],
): readonly StoreWrite[] {
  const wanted = new Map(after.map((item) => [item.name, item]));
  const writes: StoreWrite[] = before.flatMap(({ name }) => (wanted.has(name) ? [] : [remove(kind, name)]));
  const kept = before.filter(({ name }) => wanted.has(name));
  let inPlace = true;
  for (const [i, item] of after.entries()) {
    const old = kept[i];
    inPlace &&= old !== undefined && old.name === item.name;
    if (inPlace) {
      if (old !== item && JSON.stringify(old) !== JSON.stringify(item)) writes.push(put(kind, item.name, item));
    } else {
      // From here on the order has changed.
      writes.push(remove(kind, item.name), put(kind, item.name, item));
    }
  }
  return writes;
}

const put = (kind: string, name: string, value: unknown): StoreWrite => ({
  put: { kind, name, content: JSON.stringify(value) },
});
const remove = (kind: string, name: string): StoreWrite => ({ remove: { kind, name } });
