import { byId, element, setText } from './element.js';

const CHIPS = { running: 'good', finished: 'calm', broken: 'bad', failed: 'bad', stopped: 'calm' };

/** The pattern files; for a broken one what is wrong with it, as the compiler says it. */
export class PatternsView {
  constructor() {
    this.shown = '';
  }

  show({ patterns }) {
    // Made anew only when something changed: they are few, and they rarely change.
    const text = JSON.stringify(patterns);
    if (text === this.shown) return;
    this.shown = text;
    byId('patterns-list').replaceChildren(...patterns.map(patternItem));
    byId('patterns-empty').hidden = patterns.length > 0;
    setText(byId('patterns-count'), patterns.length === 0 ? '' : String(patterns.length));
  }
}

function patternItem({ name, file, state, jobs, title, diagnostics, problem }) {
  const chip = element('span', `chip ${CHIPS[state] ?? 'calm'}`, state);
  const messages = diagnostics.map(diagnosticText);
  if (problem !== null) messages.push(problem);
  const goesOn = state === 'broken' && jobs.length > 0 ? 'The last good version keeps running.' : null;
  return element(
    'li',
    'pattern',
    element('div', 'head', element('strong', '', name), chip),
    title === '' ? null : element('p', '', title),
    messages.length === 0 ? null : element('pre', 'failure', messages.join('\n\n')),
    element('small', 'quiet', [file, goesOn].filter((part) => part !== null).join(' · ')),
  );
}

function diagnosticText({ file, line, column, severity, code, message, hint }) {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}`;
}
