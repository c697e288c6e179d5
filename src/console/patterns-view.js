import { byId, element, setText } from './element.js';

/** Patterns with problems are on top. */
const ORDER = ['broken', 'failed', 'running', 'stopped', 'finished'];
const CHIPS = { running: 'good', finished: 'calm', broken: 'bad', failed: 'bad', stopped: 'calm' };

/** The pattern files. A broken file has the messages of the compiler. */
export class PatternsView {
  constructor() {
    this.shown = '';
  }

  show({ patterns }) {
    // Built again only after a change: the patterns are few and rarely change.
    const text = JSON.stringify(patterns);
    if (text === this.shown) return;
    this.shown = text;
    const sorted = patterns.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    byId('patterns-list').replaceChildren(...sorted.map(patternItem));
    byId('patterns-empty').hidden = patterns.length > 0;
    setText(byId('patterns-count'), patterns.length === 0 ? '' : String(patterns.length));
  }
}

function patternItem({ name, file, state, jobs, title, diagnostics, problem }) {
  const chip = element('span', `chip ${CHIPS[state] ?? 'calm'}`, state);
  const messages = diagnostics.map(diagnosticText);
  if (messages.length === 0 && problem !== null) messages.push(problem);
  const goesOn = state === 'broken' && jobs.length > 0 ? ' · The last good version keeps running.' : '';
  const place = element('small', 'quiet', shortPath(file), goesOn);
  place.title = file;
  return element(
    'li',
    'pattern',
    element('div', 'head', element('strong', '', name), chip),
    title === '' ? null : element('p', '', title),
    messages.length === 0 ? null : element('pre', 'failure', messages.join('\n\n')),
    place,
  );
}

/** The last two parts of a path identify a pattern file; the title has the whole path. */
const shortPath = (file) => file.split('/').slice(-2).join('/');

function diagnosticText({ file, line, column, severity, code, message, hint }) {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}`;
}
