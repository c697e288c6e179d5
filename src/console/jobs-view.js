import { bytesText, countText, durationText, isEndOfInput, rateText, timeText } from './display-text.js';
import { byId, element, setText } from './element.js';
import { Sparkline } from './sparkline.js';

const CHIPS = {
  RUNNING: 'good',
  FINISHED: 'calm',
  CANCELED: 'calm',
  FAILED: 'bad',
  RESTARTING: 'warn',
};

/**
 * The table of jobs. A job's row is created once. Later only the row's texts change, so that the
 * layout is stable and a selection is kept.
 */
export class JobsView {
  constructor() {
    this.rows = new Map();
    /** The job whose operators are shown; null: none. */
    this.chosen = null;
    this.body = byId('jobs-body');
    byId('operators-close').addEventListener('click', () => this.choose(null));
  }

  /** Selects a job. A second selection of the same job closes its operators. */
  choose(id) {
    this.chosen = id === this.chosen ? null : id;
    for (const [job, row] of this.rows) row.name.setAttribute('aria-expanded', String(job === this.chosen));
    if (this.chosen === null) byId('operators').hidden = true;
  }

  show({ now, jobs }) {
    const present = new Set(jobs.map((job) => job.id));
    if (this.chosen !== null && !present.has(this.chosen)) this.choose(null);
    for (const [id, row] of this.rows) {
      if (present.has(id)) continue;
      row.node.remove();
      this.rows.delete(id);
    }
    jobs.forEach((job, i) => {
      let row = this.rows.get(job.id);
      if (row === undefined) {
        row = new JobRow(job, () => this.choose(job.id));
        this.rows.set(job.id, row);
      }
      if (this.body.children[i] !== row.node) this.body.insertBefore(row.node, this.body.children[i] ?? null);
      row.show(job, now);
    });
    byId('jobs-empty').hidden = jobs.length > 0;
    setText(byId('jobs-count'), jobs.length === 0 ? '' : String(jobs.length));
  }
}

class JobRow {
  constructor(job, choose) {
    this.name = element('button', 'job-name', job.id);
    this.name.type = 'button';
    this.name.title = 'what its operators do';
    this.name.setAttribute('aria-expanded', 'false');
    this.name.setAttribute('aria-controls', 'operators');
    this.name.addEventListener('click', choose);
    this.chip = element('span', 'chip');
    this.failure = element('pre', 'failure');
    this.failure.hidden = true;
    this.rowsIn = element('span');
    this.badRows = element('small', 'quiet');
    this.rowsOut = element('span');
    this.rate = element('span', 'rate-number', '–');
    this.sparkline = new Sparkline();
    this.watermark = element('span');
    this.lag = element('small', 'quiet');
    this.stateSize = element('span');
    this.checkpoints = element('span');
    this.lastCheckpoint = element('small', 'quiet');
    const origin = job.origin === 'http' ? 'from HTTP' : `pattern ${job.origin}`;
    this.node = element(
      'tr',
      '',
      cell('Job', 'name', this.name, element('small', 'quiet', origin), this.failure),
      cell('State', 'state', this.chip),
      cell('Rows in', 'number', this.rowsIn, this.badRows),
      cell('Rows out', 'number', this.rowsOut),
      cell('Rows per second', 'rate', this.sparkline.node, this.rate),
      cell('Watermark', '', this.watermark, this.lag),
      cell('State size', 'number', this.stateSize),
      cell('Checkpoints', '', this.checkpoints, this.lastCheckpoint),
    );
    this.last = null;
  }

  show(job, now) {
    setText(this.chip, job.state.toLowerCase());
    this.chip.className = `chip ${CHIPS[job.state] ?? 'calm'}`;
    setText(this.rowsIn, countText(job.rowsIn));
    setText(this.badRows, badRowsText(job));
    setText(this.rowsOut, countText(job.rowsOut));
    this.showRate(job, now);
    this.showWatermark(job, now);
    setText(this.stateSize, bytesText(job.stateBytes));
    this.showCheckpoints(job.checkpoints, now);
    this.failure.hidden = job.failure === null;
    if (job.failure !== null) setText(this.failure, `${job.failure.code}: ${job.failure.message}`);
  }

  showRate(job, now) {
    if (this.last !== null && now > this.last.now) {
      // A restarted job counts from the start again.
      const perSecond = (Math.max(0, job.rowsIn - this.last.rowsIn) * 1000) / (now - this.last.now);
      this.sparkline.add(perSecond);
      setText(this.rate, rateText(perSecond));
    }
    this.last = { now, rowsIn: job.rowsIn };
  }

  showWatermark({ watermark, state }, now) {
    if (watermark === null) {
      setText(this.watermark, '–');
      setText(this.lag, '');
      return;
    }
    setText(this.watermark, timeText(watermark, now));
    const running = state === 'RUNNING' && !isEndOfInput(watermark);
    setText(this.lag, running ? lagText(now - watermark) : '');
  }

  showCheckpoints(checkpoints, now) {
    if (checkpoints === null) {
      setText(this.checkpoints, '–');
      setText(this.lastCheckpoint, '');
      return;
    }
    const failed = checkpoints.failed > 0 ? `, ${countText(checkpoints.failed)} failed` : '';
    const damaged = checkpoints.damaged > 0 ? `, ${countText(checkpoints.damaged)} damaged` : '';
    setText(this.checkpoints, `${countText(checkpoints.completed)}${failed}${damaged}`);
    const ago = durationText(Math.max(0, now - checkpoints.lastCompletedAt));
    setText(
      this.lastCheckpoint,
      checkpoints.completed === 0 ? '' : `${bytesText(checkpoints.lastSizeBytes)}, ${ago} ago`,
    );
  }
}

const lagText = (ms) => (ms < 0 ? `${durationText(-ms)} ahead` : `${durationText(ms)} behind`);

function badRowsText({ lateRows, malformedRows }) {
  const parts = [];
  if (lateRows > 0) parts.push(`${countText(lateRows)} late`);
  if (malformedRows > 0) parts.push(`${countText(malformedRows)} malformed`);
  return parts.join(', ');
}

/** Makes a cell. On a narrow screen the label precedes the value. */
function cell(label, className, ...children) {
  const made = element('td', className, ...children);
  made.dataset.label = label;
  return made;
}
