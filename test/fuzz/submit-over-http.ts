import { postJson, startApp } from '../support/http-client.ts';
import { ServiceFixture } from '../support/service-fixture.ts';

/**
 * This statement is refused when the text before it has been compiled and checked. So the text does
 * not take effect, and the next one finds the same catalogue.
 */
const REFUSED_LAST = "\n;\nSTOP JOB 'there-is-no-such-job';";

/** The service and its HTTP layer, for texts that are sent one after the other. */
export class HttpTarget {
  /** Texts that the compiler accepted. */
  accepted = 0;
  #fixture = new ServiceFixture({ roots: [process.cwd()] });
  #app: Awaited<ReturnType<typeof startApp>> | null = null;

  /**
   * Sends a text. Resolves to a problem, or null: a text must be accepted, or refused with a place
   * or a reason. A status of 500 and above is a fault of the service.
   */
  async problemOf(text: string): Promise<string | null> {
    const app = await this.open();
    const { status, text: reply } = await postJson(app.port, '/v1/statements', { sql: `${text}${REFUSED_LAST}` });
    if (status === 404 && reply.includes('there-is-no-such-job')) this.accepted++;
    else if (status === 200) {
      // The text hides the last statement, for example in a comment, so it has taken effect.
      await this.#begin();
    } else if (status >= 500 || /internal/i.test(reply)) return `${status} ${reply.slice(0, 1000)}`;
    else if (status !== 422 && status !== 404 && status !== 409 && status !== 400)
      return `${status} ${reply.slice(0, 300)}`;
    return null;
  }

  /** Starts the HTTP layer, and the compiler's thread with a first text. */
  async open(): Promise<Awaited<ReturnType<typeof startApp>>> {
    if (this.#app !== null) return this.#app;
    this.#app = await startApp(this.#fixture.service, { limits: { bodyBytes: 4 << 20 } });
    await postJson(this.#app.port, '/v1/statements', { sql: 'SHOW TABLES' });
    return this.#app;
  }

  async #begin(): Promise<void> {
    await this.close();
    this.#fixture = new ServiceFixture({ roots: [process.cwd()] });
    this.#app = null;
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.#fixture.close();
  }
}
