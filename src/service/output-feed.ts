import type { Field } from '../core/data-type.ts';
import type { Plan } from '../plan/plan.ts';
import type { JobState, ResultEvent } from './service-api.ts';
import { type OutputRows, ROWS_KEPT } from './worker/messages.ts';

/** Messages of the feed to the job's thread. */
export interface FeedControl {
  follow(on: boolean): void;
  /** Reports that one message of rows has been processed. The thread may send the next message. */
  taken(): void;
}

/**
 * Sends the output rows of one job to its followers. It keeps the last rows of each sink for the
 * next follower. A preview waits for its first reader, so that no row is lost.
 */
export class OutputFeed {
  readonly #preview: boolean;
  readonly #control: FeedControl;
  readonly #fields: ReadonlyMap<string, readonly Field[]>;
  readonly #kept = new Map<string, string[]>();
  readonly #followers = new Set<(event: ResultEvent) => void>();
  /** Unread messages of a preview; the window of the thread bounds their number. */
  #unread: OutputRows[] = [];
  #everFollowed = false;
  #ended: JobState | null = null;
  /** Called when the last reader has left. */
  onAbandoned: () => void = () => {};

  constructor(plan: Plan, preview: boolean, control: FeedControl) {
    this.#preview = preview;
    this.#control = control;
    const sinks = plan.nodes.flatMap((n) => (n.kind === 'sink' ? [n] : []));
    this.#fields = new Map(sinks.map((n) => [n.table, n.fields]));
  }

  get followed(): boolean {
    return this.#followers.size > 0;
  }

  get everFollowed(): boolean {
    return this.#everFollowed;
  }

  take(rows: OutputRows): void {
    const kept = this.#kept.get(rows.sink) ?? [];
    kept.push(...rows.lines);
    if (kept.length > ROWS_KEPT) kept.splice(0, kept.length - ROWS_KEPT);
    this.#kept.set(rows.sink, kept);
    if (this.#preview && !this.#everFollowed) {
      this.#unread.push(rows);
      return;
    }
    this.#emit(this.#eventOf(rows.sink, rows.lines, rows.dropped));
    this.#control.taken();
  }

  end(state: JobState): void {
    this.#ended = state;
    if (this.#unread.length > 0) return;
    this.#emit({ kind: 'end', state });
    this.#followers.clear();
  }

  /** Prepares the feed for the rows of a restarted job. */
  reopen(): void {
    this.#ended = null;
  }

  follow(listener: (event: ResultEvent) => void): () => void {
    if (this.#unread.length > 0) {
      for (const rows of this.#unread) listener(this.#eventOf(rows.sink, rows.lines, rows.dropped));
    } else {
      for (const [sink, lines] of this.#kept) listener(this.#eventOf(sink, lines, 0));
    }
    const unread = this.#unread.length;
    this.#unread = [];
    this.#everFollowed = true;
    if (this.#ended !== null) {
      listener({ kind: 'end', state: this.#ended });
      return () => {};
    }
    this.#followers.add(listener);
    this.#control.follow(true);
    for (let i = 0; i < unread; i++) this.#control.taken();
    return () => {
      if (!this.#followers.delete(listener) || this.#followers.size > 0) return;
      this.#control.follow(false);
      this.onAbandoned();
    };
  }

  #eventOf(sink: string, lines: readonly string[], dropped: number): ResultEvent {
    const fields = this.#fields.get(sink) ?? [];
    return { kind: 'rows', sink, fields, lines: [...lines], ...(dropped > 0 ? { dropped } : {}) };
  }

  #emit(event: ResultEvent): void {
    for (const listener of [...this.#followers]) listener(event);
  }
}
