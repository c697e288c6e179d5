import { get, TokenNeeded } from './api.js';
import { parseExactly } from './exact-json.js';
import { HeaderView } from './header-view.js';
import { JobsView } from './jobs-view.js';
import { MatchesView } from './matches-view.js';
import { OperatorsView } from './operators-view.js';
import { PatternsView } from './patterns-view.js';
import { askForToken } from './token-dialog.js';

const POLL_MS = 1000;
const HIDDEN_POLL_MS = 5000;

const header = new HeaderView();
const jobs = new JobsView();
const matches = new MatchesView();
const operators = new OperatorsView();
const patterns = new PatternsView();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const getRows = () => get(matches.path(), parseExactly);

/**
 * Loads all data, then shows it: an error in showing must not be reported as a lost connection.
 */
async function refresh() {
  // The first request is sent alone: a wrong token must be refused only once, because the service
  // counts attempts.
  const jobList = await get('/v1/jobs');
  const present = jobList.jobs.some((job) => job.id === jobs.chosen);
  const [rowList, patternList, health, chosen] = await Promise.all([
    getRows(),
    get('/v1/patterns'),
    get('/health'),
    present ? get(`/v1/jobs/${encodeURIComponent(jobs.chosen)}`) : null,
  ]);
  const rows = matches.isFromBefore(rowList) ? rowList : await getRows();
  header.showConnection(null);
  header.show(health);
  jobs.show(jobList);
  operators.show(chosen !== null && chosen.id === jobs.chosen ? chosen : null);
  matches.show(rows);
  patterns.show(patternList);
}

for (;;) {
  try {
    await refresh();
  } catch (error) {
    if (error instanceof TokenNeeded) {
      await askForToken();
      continue;
    }
    header.showConnection(error.name === 'TimeoutError' ? 'no answer in time' : error.message);
  }
  await sleep(document.hidden ? HIDDEN_POLL_MS : POLL_MS);
}
