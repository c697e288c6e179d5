/** A question with the folder that answers it: a text, its input and the expected rows. */
export interface Recipe {
  readonly question: string;
  /** An explanation of the answer. */
  readonly note: string;
  /** The path from the root of the project. The tests run this folder. */
  readonly folder: string;
}

export interface Chapter {
  readonly title: string;
  readonly recipes: readonly Recipe[];
}

const reported = (name: string): string => `test/golden/sql/reported/${name}`;

/** The questions of `docs/cookbook.md`. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'One event after another',
    recipes: [
      {
        question: 'How do I find a small payment that is followed by a large one with the same card?',
        note: '`BETWEEN_THEM*?` lets other payments come between. `WITHIN` ends an attempt after ten minutes.',
        folder: 'patterns/card-testing',
      },
      {
        question: 'How do I find three failures and then a success?',
        note: 'A quantifier counts the rows of one variable.',
        folder: 'patterns/failed-logins',
      },
      {
        question: 'How do I compare an event with an earlier one of the same pattern?',
        note: 'A condition may read the variables before it, here `HOT.celsius`.',
        folder: 'patterns/machine-overheating',
      },
      {
        question: 'How do I find a price that falls and then rises again?',
        note: '`LAST(DOWN.price, 1)` is the price of the row before in the same loop.',
        folder: 'patterns/price-dips',
      },
      {
        question: 'How do I bound the time between two steps, and also the whole pattern?',
        note: '`WITHIN` bounds the whole. A condition on the times of two variables bounds a part.',
        folder: reported('two-time-bounds'),
      },
      {
        question: 'How do I find events that come in any order?',
        note: '`PERMUTE` needs the semantics of the SQL standard.',
        folder: reported('any-order-permute'),
      },
      {
        question: 'How do I count events that have others between them?',
        note: '`RELAXED` lets a loop leave out rows that do not fit.',
        folder: reported('counts-again-and-again'),
      },
      {
        question: 'How do I order events that have the same time?',
        note: 'A second column of ORDER BY decides.',
        folder: reported('interleaved-ties'),
      },
      {
        question: 'How do I merge ranges that overlap?',
        note: '`MAX(A.e)` is the greatest end so far. `NEXT` reads the following row.',
        folder: reported('merge-overlapping-ranges'),
      },
    ],
  },
  {
    title: 'An event that does not come',
    recipes: [
      {
        question: 'How do I find something that fell silent?',
        note: 'An absence at the end of a pattern is found when the time is over, without another row.',
        folder: 'patterns/silent-parcels',
      },
      {
        question: 'How do I find orders that were not finished in time, and how far they got?',
        note: '`SHOW TIMEOUT MATCHES` gives a row for an attempt that ended without a match.',
        folder: 'patterns/abandoned-checkouts',
      },
      {
        question: 'How do I raise an alert only once an hour?',
        note: 'A window over the matches keeps one row for each hour.',
        folder: reported('sustained-then-once-an-hour'),
      },
      {
        question: 'How do I exclude an event before the last step, and another one after it?',
        note: 'Each absence has its own place in the pattern.',
        folder: reported('two-absences'),
      },
    ],
  },
  {
    title: 'Sums and counts over time',
    recipes: [
      {
        question: 'How do I sum per hour and category?',
        note: 'Group by the start and the end of the window. Without the end, the result is a changelog.',
        folder: 'patterns/sales-report',
      },
      {
        question: 'How do I find visits, and how long each took?',
        note: 'A session ends when no row of its key came for the gap.',
        folder: 'patterns/page-sessions',
      },
      {
        question: 'How do I find routes where too many requests fail?',
        note: 'HOP windows overlap: five minutes, every minute. `FILTER` counts a part of the rows.',
        folder: 'patterns/error-rate',
      },
      {
        question: 'How do I average over every six hours, and keep only large values?',
        note: '`HAVING` filters the results of the windows.',
        folder: 'patterns/flight-delays',
      },
      {
        question: 'How do I keep a running total?',
        note: 'GROUP BY without a window sends each change: −U is the old row, +U the new one.',
        folder: 'patterns/account-balances',
      },
      {
        question: 'How do I let weeks begin on Monday?',
        note: 'Windows begin at 1970-01-01, a Thursday. An offset of four days moves them.',
        folder: reported('week-monday'),
      },
      {
        question: 'How do I sum per month?',
        note: 'No window has the length of a month. Group by the month instead.',
        folder: reported('month-by-floor'),
      },
      {
        question: 'How do I count business days in local time?',
        note: 'Windows over TIMESTAMP_LTZ follow the session time zone, also when clocks change.',
        folder: reported('dst-day-offset'),
      },
      {
        question: 'What happens to rows that come too late, and how do I keep them?',
        note: '`LATE ROWS INTO` writes them to a table of their own.',
        folder: 'test/golden/sql/late-rows/tumble',
      },
    ],
  },
  {
    title: 'Data as people have it',
    recipes: [
      {
        question: 'How do I read times such as 2026-01-05T10:00:00Z?',
        note: 'TIMESTAMP_LTZ takes texts with Z or an offset.',
        folder: reported('json-iso8601'),
      },
      {
        question: 'How do I read nested JSON?',
        note: 'Declare ROW, ARRAY and MAP. Keys without a column or field are skipped.',
        folder: reported('json-nested'),
      },
      {
        question: 'How do I keep a row that has one bad field?',
        note: 'With `json.ignore-parse-errors` the bad field is NULL.',
        folder: reported('json-ignore-field'),
      },
      {
        question: 'How do I read folders such as day=2026-01-05?',
        note: 'The value of a partition column comes from the path.',
        folder: reported('partitioned'),
      },
      {
        question: 'How do I read plain lines of text, and the name of their file?',
        note: 'The format `raw` makes one column of each line.',
        folder: reported('raw-text'),
      },
      {
        question: 'How do I convert UNIX times in a time zone?',
        note: 'The functions use the session time zone.',
        folder: reported('unix-time-zone'),
      },
    ],
  },
];
