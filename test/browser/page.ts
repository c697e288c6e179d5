/**
 * Tests the page in a headless Chromium with a fake service: `node test/browser/page.ts`.
 * It is not part of `npm test`, because it needs a browser (`CHROMIUM`, or /usr/bin/chromium). The
 * exit code is 0 if all checks pass.
 */
import assert from 'node:assert/strict';
import { type Browser, chromium, type Page } from 'playwright-core';
import { FakeService, fakeJob, fakePattern, fakeRow } from '../support/fake-service.ts';
import { startApp } from '../support/http-client.ts';

/** Without these flags Chromium connects to outside hosts. */
const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const MARKUP = '<img src=x onerror="window.attacked=1"><script>window.attacked=1</script><b>bold</b>';
const BROKEN = {
  code: 'SQL_UNKNOWN_COLUMN',
  severity: 'error',
  message: `no column \`devise\` ${MARKUP}`,
  file: `patterns/${MARKUP}.sql`,
  line: 14,
  column: 9,
  endLine: 14,
  endColumn: 15,
  hint: `did you mean \`device\`? ${MARKUP}`,
} as const;

/** Every name and value that a user or an event can choose contains markup. */
function serviceOfMarkup(): FakeService {
  const service = new FakeService();
  service.list.push(
    fakeJob('alerts.logins', { watermark: Date.now() - 2000 }),
    fakeJob(MARKUP, { origin: MARKUP, state: 'FAILED', failure: { code: 'CONNECTOR_WRITE', message: MARKUP } }),
  );
  service.patternList.push(
    fakePattern('good'),
    fakePattern(MARKUP, { title: MARKUP, state: 'broken', diagnostics: [BROKEN], problem: 'it does not compile' }),
  );
  service.rows.push(
    fakeRow(1, { user: 'u-1', missing: null }, { job: 'alerts.logins' }),
    fakeRow(2, { [MARKUP]: MARKUP, nested: { [MARKUP]: [MARKUP] } }, { job: MARKUP, sink: MARKUP }),
    fakeRow(3, {}, { line: '{"op":"+U","row":{"exact":9007199254740993,"__proto__":"a name"}}' }),
  );
  return service;
}

async function openPage(browser: Browser, url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`a request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

const textOf = async (page: Page, selector: string): Promise<string> => (await page.textContent(selector)) ?? '';

async function checkContent(browser: Browser): Promise<void> {
  const service = serviceOfMarkup();
  await using app = await startApp(service);
  const { page, complaints } = await openPage(browser, app.url);
  await page.waitForSelector('#jobs-body tr:nth-child(2)');
  await page.waitForSelector('#matches-list li:nth-child(2)');
  assert.equal(await page.locator('#matches-list li').count(), 2, 'updates are shown on demand');
  await page.selectOption('#matches-filter', '*');
  await page.waitForSelector('#matches-list li:nth-child(3)');
  await page.waitForSelector('#patterns-list li:nth-child(2)');

  assert.match(
    await textOf(page, '#patterns-list .failure'),
    /\.sql:14:9: error SQL_UNKNOWN_COLUMN: no column `devise`/,
  );
  assert.match(await textOf(page, '#patterns-list .failure'), /hint: did you mean `device`\?/);
  assert.match(await textOf(page, '#matches-list'), /exact9007199254740993__proto__a name/);
  assert.match(await textOf(page, '#health'), /degraded/);

  for (const selector of ['#jobs-body', '#matches-list', '#patterns-list']) {
    assert.ok((await textOf(page, selector)).includes(MARKUP), `${selector} does not show the text`);
    assert.equal(await page.locator(`${selector} :is(img, script, b, iframe)`).count(), 0, selector);
  }
  assert.equal(await page.evaluate('window.attacked'), undefined);

  // New rows appear at the top without a reload. The filter shows only the rows of one job.
  service.rows.push(fakeRow(4, { user: 'newest' }, { job: 'alerts.logins' }));
  await page.locator('#matches-list li:first-child', { hasText: 'newest' }).waitFor();
  assert.equal(await page.locator('#matches-list li.new').count(), 1);
  await page.selectOption('#matches-filter', 'alerts.logins');
  await page.waitForSelector('#matches-list li:nth-child(2)');
  assert.equal(await page.locator('#matches-list li').count(), 2);

  // A click on a job shows its operators. Another click hides them.
  await page.click('#jobs-body tr:first-child .job-name');
  await page.locator('#operators-list li', { hasText: 'busy 62 %, held up 30 %' }).waitFor();
  assert.match(await textOf(page, '#operators'), /alerts\.logins/);
  assert.match(await textOf(page, '#operators-list'), /5 waiting, 2\.0 MB to read/);

  // A wide screen shows a table. A narrow screen needs no sideways scrolling.
  for (const width of [1280, 800, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    assert.ok(overflow <= 0, `at ${width} the page is ${overflow} wider than the screen`);
  }
  assert.deepEqual(complaints, []);
  await page.close();
}

/**
 * A job with many rows does not hide the rows of other jobs. A search finds all rows that are kept.
 */
async function checkChattyJob(browser: Browser): Promise<void> {
  const service = new FakeService();
  service.list.push(fakeJob('alerts'), fakeJob('chatty'), fakeJob('silent'));
  service.rows.push(
    fakeRow(1, {}, { job: 'alerts', line: '{"op":"+I","row":{"total":637.00,"rate":1e2,"exact":0.10}}' }),
  );
  for (let i = 2; i <= 151; i++) service.rows.push(fakeRow(i, { i }, { job: 'chatty' }));
  await using app = await startApp(service);
  const { page, complaints } = await openPage(browser, app.url);
  const items = page.locator('#matches-list li');
  await items.nth(20).waitFor();
  assert.equal(await items.count(), 21, 'twenty rows of a job, and the alert');
  assert.match(await textOf(page, '#matches-list li:last-child'), /^alerts.*total637\.00rate1e2exact0\.10$/);
  for (let i = 200; i <= 349; i++) service.rows.push(fakeRow(i, { i }, { job: 'chatty' }));
  await items.first().filter({ hasText: 'i349' }).waitFor();
  assert.equal(await items.count(), 21);
  assert.match(await textOf(page, '#matches-list li:last-child'), /^alerts/);

  assert.deepEqual(await page.locator('#matches-filter option').allTextContents(), [
    'all jobs, without updates',
    'all jobs, with updates',
    'alerts',
    'chatty',
    'silent',
  ]);
  await page.selectOption('#matches-filter', 'chatty');
  await items.nth(299).waitFor();
  assert.equal(await items.count(), 300, 'all rows that the service keeps');
  await page.selectOption('#matches-filter', 'silent');
  await page.locator('#matches-empty:not([hidden])', { hasText: 'No rows fit' }).waitFor();
  await page.selectOption('#matches-filter', '');
  await page.fill('#matches-search', '637.00');
  await page.locator('#matches-list li:only-child', { hasText: '637.00' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
}

/** The page cuts no title at any width. The test checks patterns, matches, columns and jobs. */
async function checkTitles(browser: Browser): Promise<void> {
  const service = new FakeService();
  const title = `Payments ${'of the same card '.repeat(20)}end.`;
  const job = `a-pattern-with-a-name-of-many-words-${'x'.repeat(60)}.alerts`;
  const column = 'c'.repeat(90);
  service.list.push(fakeJob(job));
  service.patternList.push(fakePattern('good', { title }));
  service.rows.push(fakeRow(1, { [column]: 1 }, { job }));
  await using app = await startApp(service);
  const { page } = await openPage(browser, app.url);
  await page.waitForSelector('#matches-list li');
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await textOf(page, '#patterns-list p'), title);
    assert.equal(await textOf(page, '#matches-list strong'), job);
    assert.equal(await textOf(page, '#matches-list dt'), column);
    for (const shown of ['#patterns-list p', '#matches-list strong', '#matches-list dt', '#jobs-body button']) {
      const hidden = (await page
        .locator(shown)
        .evaluate((node) => node.scrollWidth - node.clientWidth + node.scrollHeight - node.clientHeight)) as number;
      assert.ok(hidden <= 2, `${shown} is cut at ${width}`);
    }
  }
  await page.close();
}

async function checkLostConnection(browser: Browser): Promise<void> {
  const first = await startApp(serviceOfMarkup());
  const { page } = await openPage(browser, first.url);
  await page.waitForSelector('#jobs-body tr');
  await first.close();
  await page.waitForSelector('#lost:not([hidden])');
  assert.match(await textOf(page, '#lost'), /^Connection lost/);
  // After a restart the sequence numbers begin again.
  const service = new FakeService();
  service.rows.push(fakeRow(1, { after: 'restart' }));
  await using _second = await startApp(service, { port: first.port });
  await page.waitForSelector('#lost', { state: 'hidden' });
  await page.locator('#matches-list li:only-child', { hasText: 'restart' }).waitFor();
  assert.match(await textOf(page, '#matches-list'), /after:?restart/);
  assert.equal(await page.locator('#jobs-body tr').count(), 0);
  await page.close();
}

async function checkToken(browser: Browser): Promise<void> {
  const token = 'correct-horse-battery-staple-1234';
  await using app = await startApp(serviceOfMarkup(), { token });
  const { page } = await openPage(browser, app.url);
  await page.waitForSelector('#token-dialog[open]');
  await page.fill('#token-input', 'a-wrong-token-0123456789');
  await page.keyboard.press('Enter');
  await page.locator('#token-wrong', { hasText: 'not accepted' }).waitFor();
  await page.fill('#token-input', token);
  await page.click('#token-form button');
  await page.waitForSelector('#jobs-body tr');
  assert.equal(page.url(), `${app.url}/`, 'the token must not be in the address');
  assert.equal(await page.evaluate('localStorage.length + document.cookie.length'), 0);
  await page.reload();
  await page.waitForSelector('#jobs-body tr');
  await page.close();
}

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: SWITCHES,
});
const startedAt = performance.now();
try {
  await checkContent(browser);
  await checkChattyJob(browser);
  await checkTitles(browser);
  await checkLostConnection(browser);
  await checkToken(browser);
} finally {
  await browser.close();
}
console.log(
  `the page passed all checks in Chromium ${browser.version()}, ${Math.round(performance.now() - startedAt)} ms`,
);
