/** A statement in three languages. The tests run the folder with the text of Sequitur. */
export interface Translation {
  readonly title: string;
  readonly esper: string;
  readonly siddhi: string;
  /** The path from the root of the project. */
  readonly folder: string;
  /** What differs between the three. Each is a Markdown paragraph of lines up to 98 columns. */
  readonly differences: readonly string[];
}

const folder = (name: string): string => `test/golden/sql/other-languages/${name}`;

/** The statements of `docs/coming-from-esper-siddhi.md`. */
export const TRANSLATIONS: readonly Translation[] = [
  {
    title: 'A filter',
    esper: 'select symbol, price from Ticks(price > 100);',
    siddhi: `from Ticks[price > 100]
select symbol, price
insert into Expensive;`,
    folder: folder('filter'),
    differences: ['The three are the same. A filter keeps the order of the rows.'],
  },
  {
    title: 'The latest value of each key',
    esper: 'select symbol, last(price) as price, count(*) as ticks from Ticks group by symbol;',
    siddhi: `from Ticks
select symbol, price, count() as ticks
group by symbol
insert into Latest;`,
    folder: folder('latest-of-key'),
    differences: [
      `Esper and Siddhi send a new row for each event. Sequitur sends a changelog: −U is the row that
  is no longer valid, +U is the new row. A sink that cannot take changes is refused when the text
  is compiled.`,
      'The state has one entry for each key for ever, in all three. `check` says so.',
    ],
  },
  {
    title: 'A batch for each minute',
    esper: `select symbol, avg(price) as average
from Ticks#ext_timed_batch(ts, 1 min) group by symbol;`,
    siddhi: `from Ticks#window.externalTimeBatch(ts, 1 min)
select symbol, avg(price) as average
group by symbol
insert into Averages;`,
    folder: folder('time-batch'),
    differences: [
      `In Esper and Siddhi, the first event decides where batches begin, if the statement gives no
  reference time. In Sequitur, windows begin at full minutes. The offset of TUMBLE moves them.`,
      `A minute is over when the watermark passes its end. Rows that are out of order within the delay
  of the watermark still count. Later ones are counted and dropped.`,
      'A minute without rows gives no row.',
    ],
  },
  {
    title: 'A sliding window of time',
    esper: `select symbol, count(*) as ticks, max(price) as highest
from Ticks#time(1 min) group by symbol
output snapshot every 20 seconds;`,
    siddhi: `from Ticks#window.time(1 min)
select symbol, count() as ticks, max(price) as highest
group by symbol
output snapshot every 20 sec
insert into Counts;`,
    folder: folder('sliding-time'),
    differences: [
      `Without \`output\`, Esper and Siddhi send a row for each event that enters or leaves the window.
  Sequitur sends one row at the end of each step of HOP. A window that slides with every row (OVER)
  is not supported yet.`,
      'The steps follow the event time, not the clock of the machine.',
      'A key without rows in the window gives no row. There are no rows for events that leave.',
    ],
  },
  {
    title: 'A window of the last three events of each key',
    esper: `select symbol, avg(price) as average
from Ticks#groupwin(symbol)#length(3) group by symbol;`,
    siddhi: `partition with (symbol of Ticks)
begin
  from Ticks#window.length(3)
  select symbol, avg(price) as average
  insert into Averages;
end;`,
    folder: folder('last-three'),
    differences: [
      'Sequitur has no window of a number of rows. A pattern of three rows has the same use.',
      'The first two rows of a key give no row. In Esper and Siddhi they give an average of fewer rows.',
      'For a batch of three rows (`length_batch`, `lengthBatch`), write `AFTER MATCH SKIP PAST LAST ROW`.',
    ],
  },
  {
    title: 'Sessions',
    esper: `create context PerVisitor partition by visitor from Clicks;
context PerVisitor
select visitor, count(*) as pages from Clicks#time_accum(5 min)
output last every 5 min;`,
    siddhi: `from Clicks#window.session(5 min, visitor)
select visitor, count() as pages
group by visitor
insert expired events into Visits;`,
    folder: folder('session'),
    differences: [
      `Esper and Siddhi close a session by the clock. In Sequitur, the watermark must pass the last row
  plus the gap. Set \`'sequitur.idle-advance'\` on the table if the whole stream may fall silent.`,
      'The rows give a session once, when it is closed.',
    ],
  },
  {
    title: 'Every A, and the next B (`every a -> b`)',
    esper: `select a.user_id, a.id as failure, b.id as success from pattern [
  every a=Logins(outcome='failure')
  -> (b=Logins(outcome='success', user_id=a.user_id) where timer:within(10 min))
];`,
    siddhi: `from every a=Logins[outcome == 'failure']
  -> b=Logins[outcome == 'success' and user_id == a.user_id]
  within 10 min
select a.user_id, a.id as failure, b.id as success
insert into Found;`,
    folder: folder('every-then'),
    differences: [
      `\`every\` before the first event becomes \`AFTER MATCH SKIP TO NEXT ROW\`: each failure begins an
  attempt. The next success completes all open attempts of the user.`,
      '`->` becomes `FOLLOWED BY`: other rows may come between, and the first B is taken.',
      `\`PARTITION BY\` replaces the condition \`user_id=a.user_id\`. Conditions of one key never see rows
  of another key.`,
      `\`WITHIN\` is always a bound on the whole match, from its first row. A row exactly ten minutes
  later is outside the bound.`,
    ],
  },
  {
    title: 'A then B, again and again (`every (a -> b)`)',
    esper: `select a.user_id, a.id as failure, b.id as success from pattern [
  every (a=Logins(outcome='failure')
  -> (b=Logins(outcome='success', user_id=a.user_id) where timer:within(10 min)))
];`,
    siddhi: `from every (a=Logins[outcome == 'failure']
  -> b=Logins[outcome == 'success' and user_id == a.user_id])
  within 10 min
select a.user_id, a.id as failure, b.id as success
insert into Found;`,
    folder: folder('every-group'),
    differences: [
      `\`every\` around the whole pattern becomes \`AFTER MATCH SKIP PAST LAST ROW\`: a new attempt that
  is completed begins after the match. The second failure of a pair begins no match of its own.`,
      `Esper and Siddhi look for one pair at a time, over all users. Sequitur looks for one pair of each
  user. In Esper, a context that is partitioned by the user gives the same.`,
      `If the ten minutes pass, Esper's \`every\` begins again. In Sequitur, an attempt that ends without
  a match frees the later rows in the same way.`,
    ],
  },
  {
    title: 'Every A, and every later B (`every a -> every b`)',
    esper: `select a.user_id, a.id as failure, b.id as success from pattern [
  every a=Logins(outcome='failure')
  -> (every b=Logins(outcome='success', user_id=a.user_id) where timer:within(10 min))
];`,
    siddhi: `from every a=Logins[outcome == 'failure']
  -> every b=Logins[outcome == 'success' and user_id == a.user_id]
  within 10 min
select a.user_id, a.id as failure, b.id as success
insert into Found;`,
    folder: folder('then-every'),
    differences: [
      `\`FOLLOWED BY ANY\` takes each later row, not only the first one. It needs \`AFTER MATCH NO SKIP\`:
  SKIP TO NEXT ROW ends the other attempts that began with the same row.`,
      'Without WITHIN, an attempt never ends. `check` warns about it.',
    ],
  },
  {
    title: 'Events that follow each other directly',
    esper: `select * from Temperatures match_recognize (
  partition by machine
  measures A.machine as machine, A.celsius as hot, B.celsius as hotter
  after match skip to next row
  pattern (A B)
  define A as A.celsius > 85, B as B.celsius > A.celsius + 8
);`,
    siddhi: `partition with (machine of Temperatures)
begin
  from every a=Temperatures[celsius > 85], b=Temperatures[celsius > a.celsius + 8]
  select a.machine, a.celsius as hot, b.celsius as hotter
  insert into Found;
end;`,
    folder: folder('sequence'),
    differences: [
      `A sequence of Siddhi (with commas) and \`match_recognize\` of Esper become a pattern without
  FOLLOWED BY.`,
      `Esper backtracks: it tries other ways to match when a loop took too many rows. Sequitur does so
  with \`SET 'sequitur.match.semantics' = 'standard'\`. By default it matches as Flink does.`,
      `In Esper, \`prev(celsius)\` refers to the stream. In Sequitur, \`LAST(A.celsius)\` refers to the
  match, and \`PREV(celsius)\` (extended) to the rows of the key.`,
    ],
  },
  {
    title: 'A number of events, then another one',
    esper: `create context PerUser partition by user_id from Logins;
context PerUser
select f[0].user_id as user_id, f[0].id as first_failure, s.id as success from pattern [
  every ([3] f=Logins(outcome='failure')
  -> (s=Logins(outcome='success') where timer:within(10 min)))
];`,
    siddhi: `partition with (user_id of Logins)
begin
  from every f=Logins[outcome == 'failure']<3:> -> s=Logins[outcome == 'success']
  within 10 min
  select f[0].user_id, f[0].id as first_failure, s.id as success
  insert into Found;
end;`,
    folder: folder('count'),
    differences: [
      `\`<3:>\` becomes \`{3,}\`, \`<2:5>\` becomes \`{2,5}\`. Esper's \`[3]\` takes exactly three events.`,
      `The rows of a loop follow each other directly in Sequitur. \`RELAXED\` lets other rows come
  between, as in Esper and Siddhi.`,
      '`f[0]` is `FIRST(F.id)`, `f[1]` is `FIRST(F.id, 1)`, `f[last]` is `LAST(F.id)`.',
      'Aggregates such as `COUNT(F.id)` and `ARRAY_AGG(F.id)` work over the rows of a loop.',
    ],
  },
  {
    title: 'An event that does not come',
    esper: `select o.order_id from pattern [
  every o=Orders -> (timer:interval(2 hours) and not Shipments(order_id=o.order_id))
];`,
    siddhi: `from every o=Orders -> not Shipments[order_id == o.order_id] for 2 hours
select o.order_id
insert into Missing;`,
    folder: folder('absence'),
    differences: [
      `A pattern of Sequitur reads one table. A view with UNION ALL merges several streams, with a
  column that tells them apart.`,
      `The time of an absence is event time. It is found when the watermark passes the bound, and its
  \`MATCH_ROWTIME()\` is the bound. Esper and Siddhi use the clock.`,
      `If the whole stream falls silent, the watermark stands still. Set \`'sequitur.idle-advance'\` on
  the tables, and the absence is found nevertheless.`,
      'An absence at the start of a pattern (`not A for 1 min -> B`) has no counterpart; use `PREV`.',
    ],
  },
  {
    title: 'No C between A and B',
    esper: `select o.order_id from pattern [
  every o=Steps(step='ordered')
  -> (p=Steps(step='paid', order_id=o.order_id)
      and not Steps(step='cancelled', order_id=o.order_id))
];`,
    siddhi: `from every o=Steps[step == 'ordered']
  -> not Steps[step == 'cancelled' and order_id == o.order_id]
     and p=Steps[step == 'paid' and order_id == o.order_id]
select o.order_id
insert into Paid;`,
    folder: folder('absence-between'),
    differences: [
      `\`b and not c\` becomes \`NOT FOLLOWED BY C FOLLOWED BY B\`. A cancellation ends the attempt in all
  three. \`NOT NEXT C\` only looks at the next row.`,
      'WITHIN is optional here. Without it, an order that is never paid keeps its state for ever.',
    ],
  },
  {
    title: 'One event or another (`or`)',
    esper: `select o.order_id from pattern [
  every o=Steps(step='ordered')
  -> (Steps(step='paid', order_id=o.order_id) or Steps(step='cancelled', order_id=o.order_id))
];`,
    siddhi: `from every o=Steps[step == 'ordered']
  -> p=Steps[step == 'paid' and order_id == o.order_id]
     or c=Steps[step == 'cancelled' and order_id == o.order_id]
select o.order_id
insert into Ended;`,
    folder: folder('either'),
    differences: [
      `One variable with both conditions says \`or\` in most cases. With the semantics \`standard\`,
  \`PATTERN (O (P | C))\` names the two sides. There, the rows of a match follow each other directly.`,
    ],
  },
  {
    title: 'Events in any order (`and`)',
    esper: `select a.order_id from pattern [
  every (a=Steps(step='packed') and b=Steps(step='paid', order_id=a.order_id))
];`,
    siddhi: `partition with (order_id of Steps)
begin
  from every a=Steps[step == 'packed'] and b=Steps[step == 'paid']
  select a.order_id
  insert into Ready;
end;`,
    folder: folder('any-order'),
    differences: [
      '`PERMUTE` takes any number of members. It needs the semantics of the SQL standard.',
      'Its rows follow each other directly. A view leaves out the others, as in this text.',
    ],
  },
  {
    title: 'The first alert of each hour (`output first every 1 hour`)',
    esper: `select machine, celsius from Temperatures(celsius > 85)
group by machine output first every 1 hours;`,
    siddhi: `from Temperatures[celsius > 85]
select machine, celsius
group by machine
output first every 1 hour
insert into Alerts;`,
    folder: folder('first-of-hour'),
    differences: [
      `Esper and Siddhi send the first alert at once and then stay silent. In Sequitur, a window limits
  the output. The row appears when the hour is over.`,
      '`output last` becomes `LAST_VALUE`.',
      `\`output every 10 events\` and \`output when\` have no counterpart. For a snapshot, read the
  changelog into a table of your database, where each key has one row.`,
    ],
  },
  {
    title: 'Time-outs',
    esper: `select o.order_id, p.ts as paid_at from pattern [
  every o=Steps(step='ordered')
  -> (p=Steps(step='paid', order_id=o.order_id) or timer:interval(10 min))
];`,
    siddhi: `from every o=Steps[step == 'ordered']
  -> p=Steps[step == 'paid' and order_id == o.order_id]
     or not Steps[step == 'paid' and order_id == o.order_id] for 10 min
select o.order_id, p.ts as paid_at
insert into Outcomes;`,
    folder: folder('timeout'),
    differences: [
      `\`SHOW TIMEOUT MATCHES\` gives a row for each attempt that ran out of time, and \`MATCH_STATUS()\`
  says which rows these are. It works for patterns of any number of steps: the columns of steps that
  were not reached are NULL.`,
    ],
  },
];
