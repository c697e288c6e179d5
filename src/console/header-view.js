import { bytesText, durationText } from './display-text.js';
import { byId, element, setText } from './element.js';

/** The line at the top: health, uptime and memory. */
export class HeaderView {
  constructor() {
    this.chip = byId('health');
    this.facts = ['Uptime', 'Jobs', 'Memory'].map((name) => {
      const value = element('dd', '', '–');
      byId('facts').append(element('div', '', element('dt', '', name), value));
      return value;
    });
  }

  show(health) {
    setText(byId('version'), health.version);
    setText(this.chip, health.status);
    this.chip.className = `chip ${health.status === 'ok' ? 'good' : 'warn'}`;
    const broken = health.brokenPatterns.length > 0 ? [`broken: ${health.brokenPatterns.join(', ')}`] : [];
    this.chip.title = [...broken, ...health.problems].join('; ');
    const [uptime, jobs, memory] = this.facts;
    setText(uptime, durationText(health.uptimeMs));
    setText(jobs, `${health.jobs.RUNNING} running`);
    setText(memory, bytesText(health.memory.rssBytes));
  }

  /** `reason` of the last failure; null when the service answers again. */
  showConnection(reason) {
    const lost = byId('lost');
    lost.hidden = reason === null;
    document.body.classList.toggle('stale', reason !== null);
    if (reason === null) return;
    setText(lost, `Connection lost (${reason}). Trying again; what is shown is from before.`);
    setText(this.chip, 'no answer');
    this.chip.className = 'chip bad';
  }
}
