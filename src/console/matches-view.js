import { clipped, timeText, valueText } from './display-text.js';
import { byId, element } from './element.js';

const SHOWN_MAX = 1000;
/** Rows of each sink while the rows of all jobs are shown. */
const PER_SINK_MAX = 20;
/** Rows of each sink together, so that a page with many jobs does not become too long. */
const ALL_SINKS_MAX = 400;
const CHARACTERS_MAX = 160;
/** Value of the filter; no job can have this id. */
const ALL_JOBS = '*';
const TYPING_MS = 250;

/**
 * The latest output rows, newest on top. The service selects the rows: of one job, all that it
 * keeps; of all jobs, the newest of each sink. So a job with many rows hides no other job. New rows
 * are highlighted for a moment, except those of the first load.
 */
export class MatchesView {
  /** `askNow` is called when the user has changed the selection. */
  constructor(askNow) {
    this.list = byId('matches-list');
    this.filter = byId('matches-filter');
    this.search = byId('matches-search');
    this.jobs = new Set();
    this.clear();
    const changed = () => {
      this.clear();
      askNow();
    };
    this.filter.onchange = changed;
    let typing;
    this.search.oninput = () => {
      clearTimeout(typing);
      typing = setTimeout(changed, TYPING_MS);
    };
  }

  clear() {
    this.latest = -1;
    /** The rows shown of each sink of each job with their elements, oldest first. */
    this.shown = new Map();
    this.list.replaceChildren();
  }

  /** Whether the rows of one job are shown. */
  get isOneJob() {
    return this.filter.value !== '' && this.filter.value !== ALL_JOBS;
  }

  get perSink() {
    if (this.isOneJob) return SHOWN_MAX;
    return Math.max(1, Math.min(PER_SINK_MAX, Math.floor(ALL_SINKS_MAX / Math.max(1, this.jobs.size))));
  }

  /** The path that requests newer rows. */
  path() {
    const query = new URLSearchParams({ limit: SHOWN_MAX });
    if (this.isOneJob) query.set('job', this.filter.value);
    else query.set('perSink', this.perSink);
    if (this.filter.value === '') query.set('updates', 'false');
    if (this.search.value.trim() !== '') query.set('contains', this.search.value.trim());
    if (this.latest >= 0) query.set('after', this.latest);
    return `/v1/rows?${query}`;
  }

  /**
   * False if the service has restarted and counts from the beginning. Then all rows must be
   * asked for again.
   */
  isFromBefore({ latest }) {
    if (latest >= this.latest) return true;
    this.clear();
    return false;
  }

  show({ latest, rows }) {
    const isFirst = this.latest < 0;
    this.latest = latest;
    // Retracted rows are not shown, because the new row follows.
    for (const row of rows) if (row.op !== '-U') this.add(row, isFirst ? '' : 'new');
    byId('matches-empty').hidden = this.list.children.length > 0;
    byId('matches-empty').textContent =
      this.filter.value === '' && this.search.value === '' ? 'Nothing has matched yet.' : 'No rows fit.';
  }

  add(row, className) {
    const key = JSON.stringify([row.job, row.sink]);
    const items = this.shown.get(key) ?? [];
    this.shown.set(key, items);
    const item = matchItem(row, className);
    items.push(item);
    this.list.prepend(item);
    while (items.length > this.perSink) items.shift().remove();
  }

  /** Offers the jobs in the filter, and removes the rows of jobs that no longer exist. */
  showJobs({ jobs }) {
    const present = new Set(jobs.map(({ id }) => id));
    for (const [key, items] of this.shown) {
      if (present.has(JSON.parse(key)[0])) continue;
      for (const item of items) item.remove();
      this.shown.delete(key);
    }
    for (const option of [...this.filter.options]) {
      const gone = this.jobs.has(option.value) && !present.has(option.value);
      if (gone && this.filter.value !== option.value) option.remove();
    }
    const offered = new Set([...this.filter.options].map(({ value }) => value));
    for (const id of present) if (!offered.has(id)) this.filter.append(new Option(id, id));
    this.jobs = present;
  }
}

const CHANGES = { '+U': 'update', '-D': 'removed' };

function matchItem({ at, job, sink, op, row }, className) {
  const change = op === '+I' ? null : element('span', 'change', CHANGES[op] ?? op);
  const time = element('time', 'quiet', timeText(at, Date.now()));
  const title = job === sink || job.endsWith(`.${sink}`) ? job : `${job} → ${sink}`;
  const chips = element('dl', 'chips', ...Object.entries(row).map(([key, value]) => chip(key, value)));
  const retracts = op === '-D' ? ' retracts' : '';
  return element(
    'li',
    `match ${className}${retracts}`,
    element('div', 'head', element('strong', '', title), change, time),
    chips,
  );
}

function chip(key, value) {
  const text = valueText(value);
  const shown = element('dd', value === null ? 'null' : '', clipped(text, CHARACTERS_MAX));
  if (text.length > CHARACTERS_MAX) shown.title = clipped(text, 4000);
  return element('div', '', element('dt', '', key), shown);
}
