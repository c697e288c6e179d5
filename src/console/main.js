import { get, TokenNeeded } from './api.js';
import { HeaderView } from './header-view.js';
import { JobsView } from './jobs-view.js';
import { MatchesView } from './matches-view.js';
import { PatternsView } from './patterns-view.js';
import { askForToken } from './token-dialog.js';

const POLL_MS = 1000;
const HIDDEN_POLL_MS = 5000;

const header = new HeaderView();
const jobs = new JobsView();
const matches = new MatchesView();
const patterns = new PatternsView();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function refresh() {
  const [jobList, rowList, patternList, health] = await Promise.all(
    ['/v1/jobs', matches.path(), '/v1/patterns', '/health'].map((path) => get(path)),
  );
  header.show(health);
  jobs.show(jobList);
  if (!matches.show(rowList)) matches.show(await get(matches.path()));
  patterns.show(patternList);
  header.showConnection(null);
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
