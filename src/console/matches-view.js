import { clipped, timeText, valueText } from './display-text.js';
import { byId, element } from './element.js';

const SHOWN_MAX = 100;
const CHARACTERS_MAX = 160;
/** Value of the filter; no job can have this id. */
const ALL_JOBS = '*';

/**
 * The latest output rows, newest on top. New rows are highlighted for a moment, except those of the
 * first load.
 */
export class MatchesView {
  constructor() {
    this.list = byId('matches-list');
    this.filter = byId('matches-filter');
    this.latest = -1;
    this.kept = [];
    this.filter.onchange = () => this.showKept();
  }

  /** The path that requests newer rows. */
  path() {
    return `/v1/rows?limit=${SHOWN_MAX}${this.latest < 0 ? '' : `&after=${this.latest}`}`;
  }

  /**
   * False if the service has restarted and counts from the beginning. Then all rows must be
   * asked for again.
   */
  isFromBefore({ latest }) {
    if (latest >= this.latest) return true;
    this.latest = -1;
    this.kept = [];
    this.list.replaceChildren();
    return false;
  }

  show({ latest, rows }) {
    const isFirst = this.latest < 0;
    this.latest = latest;
    this.kept = [...rows.toReversed(), ...this.kept].slice(0, SHOWN_MAX);
    this.offerJobs();
    const wanted = rows.filter((row) => this.isWanted(row)).slice(-SHOWN_MAX);
    for (const row of wanted) this.list.prepend(matchItem(row, isFirst ? '' : 'new'));
    while (this.list.children.length > SHOWN_MAX) this.list.lastElementChild.remove();
    byId('matches-empty').hidden = this.list.children.length > 0;
  }

  showKept() {
    this.list.replaceChildren(...this.kept.filter((row) => this.isWanted(row)).map((row) => matchItem(row, '')));
    byId('matches-empty').hidden = this.list.children.length > 0;
  }

  /**
   * Retracted rows are not shown, because the new row follows. Jobs with many updates would hide
   * the others, so updates are shown on demand.
   */
  isWanted(row) {
    if (row.op === '-U') return false;
    if (this.filter.value === '') return row.op !== '+U';
    return this.filter.value === ALL_JOBS || row.job === this.filter.value;
  }

  offerJobs() {
    const offered = new Set([...this.filter.options].map((option) => option.value));
    for (const job of new Set(this.kept.map((row) => row.job))) {
      if (!offered.has(job)) this.filter.append(new Option(job, job));
    }
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
  return element('div', '', element('dt', '', clipped(key, 60)), shown);
}
