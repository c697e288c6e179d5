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
/** Whether the user has selected other rows since the last request. */
let hasChanged = false;
let endPause = () => {};
const matches = new MatchesView(() => {
  hasChanged = true;
  endPause();
});
const operators = new OperatorsView();
const patterns = new PatternsView();

/** Waits for the time, or until the user selects other rows. */
const pause = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, hasChanged ? 0 : ms);
    endPause = () => {
      clearTimeout(timer);
      resolve();
    };
  });

/** Gets rows with the path of the request. The user may select other rows in the meantime. */
async function getRows() {
  const path = matches.path();
  return { path, list: await get(path, parseExactly) };
}

/**
 * Loads all data, then shows it: an error in showing must not be reported as a lost connection.
 */
async function refresh() {
  // The first request is sent alone: a wrong token must be refused only once, because the service
  // counts attempts.
  const jobList = await get('/v1/jobs');
  const present = jobList.jobs.some((job) => job.id === jobs.chosen);
  matches.showJobs(jobList);
  hasChanged = false;
  const [asked, patternList, health, chosen] = await Promise.all([
    getRows(),
    get('/v1/patterns'),
    get('/health'),
    present ? get(`/v1/jobs/${encodeURIComponent(jobs.chosen)}`) : null,
  ]);
  const isStale = asked.path !== matches.path();
  const rows = isStale || matches.isFromBefore(asked.list) ? asked : await getRows();
  header.showConnection(null);
  header.show(health);
  jobs.show(jobList);
  operators.show(chosen !== null && chosen.id === jobs.chosen ? chosen : null);
  if (rows.path === matches.path()) matches.show(rows.list);
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
  await pause(document.hidden ? HIDDEN_POLL_MS : POLL_MS);
}
