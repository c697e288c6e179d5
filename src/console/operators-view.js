import { bytesText, countText } from './display-text.js';
import { byId, element, setText } from './element.js';

/**
 * The use of time by each operator of one job. The bottleneck is busy. The operators before the
 * bottleneck wait for it.
 */
export class OperatorsView {
  constructor() {
    this.section = byId('operators');
    this.list = byId('operators-list');
    this.rows = new Map();
    this.job = null;
  }

  /** Null: no job is selected, or the selected one was deleted. */
  show(job) {
    this.section.hidden = job === null;
    if (job === null) {
      this.job = null;
      return;
    }
    if (this.job !== job.id) {
      // The operators would not be visible below a long table.
      this.section.scrollIntoView({ block: 'nearest' });
      this.job = job.id;
      this.rows.clear();
      this.list.replaceChildren();
    }
    setText(byId('operators-job'), job.id);
    const operators = job.metrics?.operators ?? [];
    for (const operator of operators) {
      let row = this.rows.get(operator.name);
      if (row === undefined) {
        row = new OperatorRow(operator);
        this.rows.set(operator.name, row);
        this.list.append(row.node);
      }
      row.show(operator);
    }
    byId('operators-empty').hidden = operators.length > 0;
  }
}

class OperatorRow {
  constructor({ name }) {
    this.busy = element('span', 'busy');
    this.heldUp = element('span', 'held-up');
    this.shares = element('span', 'shares');
    this.counts = element('small', 'quiet');
    this.node = element(
      'li',
      '',
      element('strong', '', name),
      element('span', 'time-bar', this.busy, this.heldUp),
      this.shares,
      this.counts,
    );
  }

  show(operator) {
    const { busyMsPerSecond, backPressuredMsPerSecond } = operator;
    const known = busyMsPerSecond !== undefined;
    this.busy.style.width = known ? `${busyMsPerSecond / 10}%` : '0';
    this.heldUp.style.width = known ? `${backPressuredMsPerSecond / 10}%` : '0';
    setText(this.shares, known ? `busy ${percent(busyMsPerSecond)}, held up ${percent(backPressuredMsPerSecond)}` : '');
    setText(this.counts, countsText(operator));
  }
}

const percent = (perThousand) => `${Math.round(perThousand / 10)} %`;

function countsText({ rowsIn, rowsOut, pendingBytes, rowsHeld, partialMatches }) {
  const parts = [`${countText(rowsIn)} in`, `${countText(rowsOut)} out`];
  if (partialMatches !== undefined) parts.push(`${countText(partialMatches)} open`);
  if (rowsHeld > 0) parts.push(`${countText(rowsHeld)} waiting`);
  if (pendingBytes > 0) parts.push(`${bytesText(pendingBytes)} to read`);
  return parts.join(', ');
}
