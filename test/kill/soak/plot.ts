/**
 * Draws the samples of a soak test as SVG. A chart library would be a large dependency.
 * The chart is simple, and only developers see it.
 */

export interface Curve {
  readonly name: string;
  /** Null: a gap. */
  readonly values: readonly (number | null)[];
}

export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
}

const WIDTH = 1100;
const PANEL_HEIGHT = 150;
const PLOT_HEIGHT = 96;
const LEFT = 64;
const RIGHT = 24;
const TOP = 56;
const COLORS = ['#1f6fb2', '#d9822b', '#3a9d5d'];
const KILL_COLOR = '#d03a3a';
/** The approximate number of grid lines in a panel. */
const GRID_LINES = 4;
const MINUTES_LINES = 12;

/** The times of the samples, in seconds since the start. */
export interface Times {
  readonly seconds: readonly number[];
  /** Whether a sample is the first one of a life. The curve has a gap before it. */
  readonly first: readonly boolean[];
}

/** `kills`: seconds. */
export function plot(title: string, times: Times, panels: readonly Panel[], kills: readonly number[]): string {
  const end = Math.max(times.seconds.at(-1) ?? 0, 1);
  const x = (seconds: number): number => LEFT + (seconds / end) * (WIDTH - LEFT - RIGHT);
  const height = TOP + panels.length * PANEL_HEIGHT + 24;
  const parts = panels.map((panel, i) => drawPanel(panel, TOP + i * PANEL_HEIGHT, times, x, end, kills));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="white"/>
<text x="${LEFT}" y="24" font-size="16" font-weight="bold">${escaped(title)}</text>
<line x1="${LEFT}" y1="36" x2="${LEFT + 18}" y2="36" stroke="${KILL_COLOR}" stroke-dasharray="3 2"/>
<text x="${LEFT + 24}" y="40" fill="#555">kill -9 and restart</text>
<text x="${WIDTH - RIGHT}" y="${height - 8}" text-anchor="end" fill="#555">minutes</text>
${parts.join('\n')}
</svg>
`;
}

function drawPanel(
  { title, curves }: Panel,
  top: number,
  times: Times,
  x: (seconds: number) => number,
  end: number,
  kills: readonly number[],
): string {
  const values = curves.flatMap((curve) => curve.values.filter((value) => value !== null));
  const step = niceStep(Math.max(...values, 0) / GRID_LINES);
  const max = Math.max(step, Math.ceil(Math.max(...values, 0) / step) * step);
  const plotTop = top + 20;
  const bottom = plotTop + PLOT_HEIGHT;
  const y = (value: number): number => bottom - (value / max) * PLOT_HEIGHT;
  const parts = [`<text x="${LEFT}" y="${top + 12}" font-weight="bold">${escaped(title)}</text>`];
  for (let value = 0; value <= max + step / 2; value += step) {
    parts.push(line(LEFT, y(value), WIDTH - RIGHT, y(value), '#e4e4e4'));
    parts.push(`<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end" fill="#555">${numberText(value)}</text>`);
  }
  const minutes = niceStep(end / 60 / MINUTES_LINES);
  for (let minute = 0; minute * 60 <= end; minute += minutes) {
    parts.push(line(x(minute * 60), bottom, x(minute * 60), bottom + 4, '#888'));
    parts.push(
      `<text x="${x(minute * 60)}" y="${bottom + 15}" text-anchor="middle" fill="#555">${numberText(minute)}</text>`,
    );
  }
  for (const kill of kills) parts.push(line(x(kill), plotTop, x(kill), bottom, KILL_COLOR, '3 2'));
  for (const [i, curve] of curves.entries()) {
    const color = COLORS[i]!;
    parts.push(
      `<path d="${pathOf(curve.values, times, x, y)}" fill="none" stroke="${color}" stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/>`,
      `<text x="${WIDTH - RIGHT - (curves.length - 1 - i) * 190}" y="${top + 12}" text-anchor="end" fill="${color}">${escaped(curve.name)}</text>`,
    );
  }
  return parts.join('\n');
}

function pathOf(
  values: readonly (number | null)[],
  times: Times,
  x: (seconds: number) => number,
  y: (value: number) => number,
): string {
  let text = '';
  let drawn = false;
  for (const [i, value] of values.entries()) {
    if (value !== null) {
      const point = `${x(times.seconds[i]!).toFixed(1)} ${y(value).toFixed(1)}`;
      // A line of length zero makes a single point visible.
      text += drawn && !times.first[i] ? `L${point}` : `M${point}L${point}`;
    }
    drawn = value !== null;
  }
  return text;
}

const line = (x1: number, y1: number, x2: number, y2: number, color: string, dashes = ''): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${color}"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}/>`;

/** Returns the smallest step of at least `atLeast`: 1, 2 or 5 times a power of ten. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(atLeast, 1e-9)));
  return power * ([1, 2, 5, 10].find((each) => each * power >= atLeast * 0.999) ?? 10);
}

const numberText = (value: number): string => String(Number(value.toPrecision(6)));

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
